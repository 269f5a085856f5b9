"""Writing an SMS, the question before it is sent, and sending it. All of it works as plain pages."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from panel.dashboard.access import customer_required
from panel.dashboard.sms import writing as form
from panel.dashboard.sms.fields import describe_values, write_examples
from panel.dashboard.sms.notices import find_standing
from panel.lib.dates import format_clock, read_digits
from panel.lib.form_keys import new_form_key, read_form_key
from panel.wallet.ledger import read_balance
from sms.keys import send_once
from sms.lines import list_lines
from sms.models import Send
from sms.phonebooks import list_books
from sms.refusals import SmsRefused
from sms.schedules import schedule_text
from sms.sends import send_text


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def write(request):
    """The form (GET); the form again with its price, or the question before sending (POST, by `step`)."""
    standing = find_standing(request.user)
    if request.method != "POST":
        return _show_form(request, standing, _read_start(request))
    writing = form.read_writing(request.POST)
    if request.POST.get("step") in ("check", "edit") or standing.sentence:
        return _show_form(request, standing, writing)
    try:
        offer = form.check_writing(request.user.pk, writing)
    except form.WritingRefused as refused:
        return _show_form(request, standing, writing, refused)
    return _ask(request, writing, offer)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def send(request):
    """Send, or schedule, what was confirmed, once for each question; its address leads to the form (GET)."""
    if request.method != "POST":
        return redirect("dashboard:sms_write")
    writing = form.read_writing(request.POST)
    key = read_form_key(request)
    try:
        offer = form.check_writing(request.user.pk, writing)
        if request.POST.get("price") != str(offer.price):
            return _ask(request, writing, offer, changed=True)
        sent = _send(request.user.pk, offer, key)
    except form.WritingRefused as refused:
        return _show_form(request, find_standing(request.user), writing, refused)
    return redirect(f"{reverse('dashboard:sms_send_page', args=[sent.pk])}?made=yes")


@require_POST
@customer_required
def preview(request):
    """What is filled in so far: characters, parts and price."""
    standing, writing = find_standing(request.user), form.read_writing(request.POST)
    context = _preview(request, standing, writing, form.find_pattern(request.user.pk, writing))
    return render(request, "dashboard/sms/preview.html", context)


@require_POST
@customer_required
def show_text(request):
    """The part of the form that depends on the pattern: a text, or the pattern's variables."""
    writing = form.read_writing(request.POST)
    pattern = form.find_pattern(request.user.pk, writing)
    context = {"writing": writing, "pattern": pattern, "values": describe_values(pattern, writing.values)}
    return render(request, "dashboard/sms/text.html", context)


def _send(customer_id, offer, key):
    """The Send that is made of an Offer, or that was made under that key before. Raises WritingRefused."""
    wanted, when = offer.request, offer.when

    def make():
        if when is None:
            return send_text(customer_id, form.CHANNEL, wanted)
        repeated = {"unit": when.unit, "times": when.times, "jalali": when.jalali}
        return schedule_text(customer_id, form.CHANNEL, wanted, when.moment, **repeated)

    try:
        return send_once(customer_id, key, form.describe_input(wanted, when), make)
    except SmsRefused as refused:
        raise form.place_refusal(refused, wanted) from refused


def _ask(request, writing, offer, changed=False):
    """The question before sending; `changed`: its price is no longer the one that was agreed to."""
    balance = read_balance(request.user.pk)
    context = {
        "writing": writing,
        "offer": offer,
        "changed": changed,
        "form_key": new_form_key(),
        "balance": balance,
        "after": balance - offer.price,
        "book": _find_book(request, writing.book_id),
        "quiet": [format_clock(one, get_language()) for one in settings.SMS_QUIET_HOURS],
    }
    return render(request, "dashboard/sms/confirm.html", context)


def _read_start(request):
    """An empty form, or one with the phonebook, pattern or number that a link leads to."""
    given = request.GET
    words = {name: given.get(name, "") for name in ("book", "pattern")}
    digits = {name: text if read_digits(text) is not None else "" for name, text in words.items()}
    return form.Writing(**digits)


def _show_form(request, standing, writing, refused=None):
    customer_id = request.user.pk
    pattern = form.find_pattern(customer_id, writing)
    errors = refused.errors if refused else {}
    context = {
        "standing": standing,
        "writing": writing,
        "errors": errors,
        "no_funds": refused is not None and refused.no_funds,
        "lines": list_lines(customer_id),
        "books": list_books(customer_id),
        "patterns": form.list_sendable_patterns(customer_id),
        "pattern": pattern,
        "values": describe_values(pattern, writing.values),
        "units": Send.Unit.choices,
        "examples": write_examples(),
    }
    context |= _preview(request, standing, writing, pattern)
    return render(request, "dashboard/sms/write.html", context, status=422 if refused else 200)


def _preview(request, standing, writing, pattern):
    if standing.package is None:
        return {"preview": None}
    return {"preview": form.preview_writing(request.user.pk, standing.package, writing, pattern)}


def _find_book(request, book_id):
    if book_id is None:
        return None
    return next((book for book in list_books(request.user.pk) if book.id == book_id), None)
