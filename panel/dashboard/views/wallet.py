"""The wallet page: the balance, adding funds, coupons, and what moved; likes and coins on pages of their own."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor
from panel.dashboard.statement import KINDS, draw_days, read_account, read_filter, sum_days
from panel.lib.form_keys import new_form_key
from panel.lib.tehran_days import find_today
from panel.wallet.gateways.opening import list_gateways
from panel.wallet.models import Currency, Payment
from panel.wallet.payments.bonuses import list_steps
from panel.wallet.payments.coupons import MAX_CODE
from panel.wallet.payments.results import find_result
from panel.wallet.statement import find_wallet

PRESETS = (50_000, 100_000, 200_000, 500_000)
RECENT_PAYMENTS = 5


@require_safe
@customer_required
def show_wallet(request):
    """The balance and what moved, in toman or the `currency` of the address.

    `payment` in it names the payment that its customer comes back from.
    """
    if request.GET.get("currency") in (Currency.LIKE, Currency.COIN):
        return _show_currency(request, Currency(request.GET["currency"]))
    returned = None
    errors = {}
    if "payment" in request.GET:
        returned = find_result(request.GET["payment"], request.user.pk)
        if returned is None:
            errors["page"] = _("This payment is not known, or it is not yours.")
    return render_wallet(request, errors=errors, returned=returned)


def render_wallet(request, *, entered=None, errors=None, returned=None, status=200):
    """The page; `entered` and `errors` are by field: amount, coupon (of a payment), code (redeemed), page."""
    wallet, wanted = find_wallet(request.user.pk), read_filter(request.GET)
    browsing = bool(wanted) or read_cursor(request) is not None
    days = [] if browsing or wallet is None else sum_days(wallet)
    payments = Payment.objects.filter(customer_id=request.user.pk).exclude(state=Payment.State.NEW)
    context = {
        **_describe_statement(request, wallet, wanted, Currency.TOMAN),
        "browsing": browsing,
        "days": days,
        "chart": draw_days(days),
        "returned": returned,
        "entered": entered or {},
        "errors": errors or {},
        "payable": bool(list_gateways()),
        "least": settings.PAYMENT_MIN,
        "presets": [one for one in PRESETS if settings.PAYMENT_MIN <= one <= settings.PAYMENT_MAX],
        "longest_code": MAX_CODE,
        "steps": list_steps(),
        "payments": [] if browsing else payments.order_by("-pk")[:RECENT_PAYMENTS],
    }
    return render(request, "dashboard/wallet.html", context, status=status)


def _show_currency(request, currency):
    wallet = find_wallet(request.user.pk, currency)
    context = _describe_statement(request, wallet, read_filter(request.GET), currency)
    context["balance"] = wallet.balance if wallet else 0
    return render(request, "dashboard/wallet_currency.html", context)


def _describe_statement(request, wallet, wanted, currency):
    """What the list of transfers shows, and its filter and export."""
    return {
        "page": read_account(wallet, read_cursor(request), wanted=wanted),
        "wanted": wanted,
        "filter": wanted.encode(**({} if currency == Currency.TOMAN else {"currency": str(currency)})),
        "kinds": KINDS[currency],
        "currency": currency,
        "currencies": Currency.choices,
        "today": find_today(),
        "export_key": new_form_key(),
    }
