"""The customer's API keys. A key's text is in the answer to the request that made it, and nowhere else."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from panel.accounts.models import ApiToken
from panel.accounts.tokens import (
    MAX_KEYS,
    TokenEnded,
    TooManyKeys,
    edit_token,
    issue_token,
    revoke_token,
    rotate_token,
)
from panel.dashboard.access import customer_required
from panel.dashboard.api_key_forms import EditKeyForm, NewKeyForm, describe_keys, fill_edit_form
from panel.dashboard.keyset import read_cursor, read_page
from panel.lib.client_address import read_client_address
from panel.lib.dates import format_number
from panel.lib.form_keys import new_form_key, read_form_key

SENT_FORM = "sent_key_form"


@customer_required
def list_keys(request):
    """The keys, newest first, ended ones too."""
    page = read_page(_own_keys(request), read_cursor(request))
    describe_keys(page.rows)
    hours = format_number(settings.ROTATED_KEY_HOURS, get_language())
    return render(request, "dashboard/api_keys.html", {"page": page, "rotated_hours": hours})


@customer_required
def new_key(request):
    """The form (GET), and making a key of it (POST), which the answer shows once."""
    if request.method != "POST":
        return _show_form(request, NewKeyForm())
    form_key = read_form_key(request)
    if form_key == request.session.get(SENT_FORM):  # the page with the key was loaded again
        return _go_back(request, gettext("The key was made before; its text is not shown again."))
    form = NewKeyForm(request.POST)
    if not form.is_valid():
        return _show_form(request, form, status=422)
    try:
        row, token = _issue(request.user, form)
    except TooManyKeys:
        form.add_error(None, _too_many())
        return _show_form(request, form, status=422)
    request.session[SENT_FORM] = form_key
    return _show_once(request, row, token)


@customer_required
def edit_key(request, key_id):
    """Change the name and the networks of a key."""
    key = get_object_or_404(_own_keys(request), pk=key_id)
    form = EditKeyForm(request.POST) if request.method == "POST" else fill_edit_form(key)
    if not form.is_bound or not form.is_valid():
        return _show_form(request, form, key=key, status=422 if form.is_bound else 200)
    try:
        edit_token(key, form.cleaned_data["name"], form.cleaned_data["networks"])
    except TokenEnded:
        return _go_back(request, gettext("The key has ended: it can't be changed any more."))
    messages.success(request, gettext("The key is changed."))
    return redirect("dashboard:api_keys")


@customer_required
def rotate_key(request, key_id):
    """Replace a key by a new one, which the answer shows once; its address leads back to the list (GET)."""
    if request.method != "POST":
        return redirect("dashboard:api_keys")
    key = get_object_or_404(_own_keys(request), pk=key_id)
    try:
        row, token = rotate_token(key)
    except TokenEnded:
        return _go_back(request, gettext("The key has ended or was replaced before."))
    except TooManyKeys:
        return _go_back(request, gettext("Too many replaced keys still live. Revoke one of them first."))
    key.refresh_from_db()
    return _show_once(request, row, token, replaced=key)


@require_POST
@customer_required
def revoke_key(request, key_id):
    """End a key now."""
    revoke_token(get_object_or_404(_own_keys(request), pk=key_id))
    messages.success(request, gettext("The key is revoked."))
    return redirect("dashboard:api_keys")


def _own_keys(request):
    return ApiToken.objects.filter(customer=request.user, use=ApiToken.Use.KEY)


def _issue(customer, form):
    data = form.cleaned_data
    networks = data["networks"]
    return issue_token(
        customer, data["contract"], data["name"], allowed_networks=networks, scopes=form.scopes
    )


def _show_form(request, form, key=None, status=200):
    context = {"form": form, "key": key, "address": read_client_address(request.META)}
    context["form_key"] = new_form_key()
    return render(request, "dashboard/api_key_form.html", context, status=status)


def _show_once(request, row, token, replaced=None):
    context = {"row": row, "token": token, "replaced": replaced}
    return render(request, "dashboard/api_key_made.html", context)


def _go_back(request, words):
    messages.error(request, words)
    return redirect("dashboard:api_keys")


def _too_many():
    words = gettext("You have %(count)s live keys already. Revoke one that is not needed.")
    return words % {"count": format_number(MAX_KEYS, get_language())}
