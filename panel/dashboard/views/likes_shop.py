"""The shop: coins for codes. A code is in the answer to its purchase, once more when asked for, and nowhere else."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.liking import read_credit
from campaigns.refusals import CampaignRefused, Refusal, describe
from campaigns.shop import buy_product, list_bought, list_products, show_again
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import PAGE_SIZE, cut_page, read_cursor
from panel.lib.form_keys import new_form_key, read_form_key

SENT_FORM = "sent_purchase_form"
START = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST = 4_000_000_000_000_000  # microseconds: a cursor beyond is no moment of this shop


@require_safe
@customer_required
def show_shop(request):
    """What can be bought, and what the customer bought."""
    return _show(request)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def buy(request, product_id):
    """Buy one; the answer shows its code. A reload of it buys nothing more, its address leads back (GET)."""
    if request.method != "POST":
        return redirect("dashboard:shop")
    form_key = read_form_key(request)
    if form_key == request.session.get(SENT_FORM):
        messages.error(request, _("This was bought before. You can see its code once more below."))
        return redirect("dashboard:shop")
    try:
        bought = buy_product(request.user.pk, product_id)
    except CampaignRefused as refused:
        if refused.code is Refusal.UNKNOWN:
            raise Http404 from None
        return _show(request, error=describe(refused), no_funds=refused.code is Refusal.FUNDS)
    request.session[SENT_FORM] = form_key
    return render(request, "dashboard/likes/code.html", {"bought": bought, "fresh": True})


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def show_code_again(request, code_id):
    """Show a bought code once more, that one time; its address leads back to the shop (GET)."""
    if request.method != "POST":
        return redirect("dashboard:shop")
    try:
        bought = show_again(request.user.pk, code_id)
    except CampaignRefused as refused:
        if refused.code is Refusal.UNKNOWN:
            raise Http404 from None
        messages.error(request, describe(refused))
        return redirect("dashboard:shop")
    return render(request, "dashboard/likes/code.html", {"bought": bought, "fresh": False})


def _show(request, error="", no_funds=False):
    context = {
        "products": list_products(),
        "page": _read_bought(request),
        "credit": read_credit(request.user.pk),
        "form_key": new_form_key(),
        "error": error,
        "no_funds": no_funds,
    }
    return render(request, "dashboard/likes/shop.html", context, status=422 if error else 200)


def _read_bought(request):
    """A Page of what was bought, without the codes; its cursor is the moment of the sale in microseconds."""
    rows, before = list_bought(request.user.pk).defer("code", "digest"), read_cursor(request)
    if before is not None:
        rows = rows.filter(sold_at__lt=START + min(before, LAST) * MICROSECOND)
    return cut_page(
        list(rows[: PAGE_SIZE + 1]), before is None, cursor=lambda row: (row.sold_at - START) // MICROSECOND
    )
