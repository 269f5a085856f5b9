"""Coins: the bundles on sale in the app, a purchase token typed in by hand, and what became of purchases."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods

from campaigns.bundles import LONGEST_TOKEN, buy_bundle, list_bundles, list_purchases
from campaigns.liking import read_credit
from campaigns.models import BundlePurchase
from campaigns.refusals import CampaignRefused, Refusal, describe
from campaigns.stores.opening import has_store
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.lib.dates import format_number

State = BundlePurchase.State
LOOKS = {
    State.PENDING: ("clock", "warning"),
    State.CREDITED: ("circle-check", "success"),
    State.REFUSED: ("circle-x", "danger"),
    State.EXPIRED: ("ban", "muted"),
}
FIELDS = {Refusal.TOKEN_BAD: "token", Refusal.NOT_PAID: "token", Refusal.UNKNOWN: "sku"}
LONGEST_SKU = 64


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def show_coins(request):
    """Bundles and purchases, as a fragment the purchases alone (GET); crediting what a token stands for (POST)."""
    if request.method == "POST":
        return _buy(request)
    if request.htmx:
        return render(request, "dashboard/likes/purchases.html", _list_purchases(request))
    return _show(request)


def _buy(request):
    given = {name: request.POST.get(name, "").strip() for name in ("sku", "token")}
    try:
        purchase = buy_bundle(request.user.pk, given["sku"].replace("\x00", "")[:LONGEST_SKU], given["token"])
    except CampaignRefused as refused:
        if refused.code is Refusal.PAYMENT_UNCLEAR:
            messages.info(request, describe(refused))
            return redirect("dashboard:coins")
        return _show(request, given, {FIELDS.get(refused.code, "form"): describe(refused)})
    coins = purchase.coins + purchase.free_coins
    words = ngettext("%(count)s coin is in your wallet.", "%(count)s coins are in your wallet.", coins)
    messages.success(request, words % {"count": format_number(coins, get_language())})
    return redirect("dashboard:coins")


def _show(request, given=None, errors=None):
    context = _list_purchases(request) | {
        "bundles": list_bundles(),
        "store": has_store(),
        "credit": read_credit(request.user.pk),
        "longest": LONGEST_TOKEN,
        "given": given or {},
        "errors": errors or {},
    }
    return render(request, "dashboard/likes/coins.html", context, status=422 if errors else 200)


def _list_purchases(request):
    page = read_page(list_purchases(request.user.pk).defer("token", "digest"), read_cursor(request))
    for row in page.rows:
        row.icon, row.tone = LOOKS[row.state]
    pending = any(row.state == State.PENDING for row in page.rows)
    return {"page": page, "pending": pending}
