"""Adding funds: starting a payment, its own page with the way to the bank, asking again, and coupons.

A form may only be sent to ourselves (form-action of the content policy), redirects included. So a started payment is
answered with its page, and a plain link there leads to the bank.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.models import Order
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.views.statements import send_pdf
from panel.dashboard.views.wallet import render_wallet
from panel.lib.dates import clean_number, format_number, read_digits
from panel.wallet.invoices import NoInvoice, draw_invoice, make_invoice
from panel.wallet.models import Payment
from panel.wallet.payments.coupons import preview_bonus, redeem_coupon
from panel.wallet.payments.recording import OPEN, SETTLED
from panel.wallet.payments.refusals import CouponRefused, PaymentRefused, Refusal, describe
from panel.wallet.payments.starting import find_bank_page, start_payment
from panel.wallet.payments.verifying import settle_on_request


@require_safe
@customer_required
def list_payments(request):
    """All payments of the customer, newest first."""
    page = read_page(_find_own(request), read_cursor(request))
    return render(request, "dashboard/payments.html", {"page": page, "payments": page.rows})


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def start(request):
    """Start a payment of `preset` or `amount` toman; a reload of what an error answered shows the wallet."""
    if request.method != "POST":
        return redirect("dashboard:wallet")
    text = request.POST.get("preset") or request.POST.get("amount", "")
    coupon = request.POST.get("coupon", "")
    entered = {"amount": text, "coupon": coupon}
    amount = _read_amount(text)
    if amount is None:
        words = _("Write the amount in digits, in whole toman.")
        return render_wallet(request, entered=entered, errors={"amount": words}, status=422)
    try:
        payment = start_payment(request.user.pk, amount, Order.Channel.DASHBOARD, coupon)[0]
    except PaymentRefused as refused:
        errors = {_name_field(refused): describe(refused)}
        return render_wallet(request, entered=entered, errors=errors, status=422)
    return redirect("dashboard:payment", payment.pk)


@require_safe
@customer_required
def show_payment(request, payment_id):
    """One payment: what it is, what it gets on top, and the way to the bank while it waits."""
    payment = _find(request, payment_id)
    context = {
        "payment": payment,
        "bank_page": find_bank_page(payment),
        "preview": preview_bonus(payment) if payment.state in OPEN else None,
        "askable": payment.authority is not None and payment.state not in SETTLED,
    }
    return render(request, "dashboard/payment.html", context)


@require_safe
@customer_required
def send_invoice(request, payment_id):
    """The invoice of a confirmed payment as PDF; 404 for others."""
    payment = _find(request, payment_id)
    payment.customer = request.user
    try:
        invoice = make_invoice(payment)
    except NoInvoice:
        raise Http404 from None
    return send_pdf(draw_invoice(invoice, get_language()), f"invoice-{payment.pk}.pdf")


@require_POST
@customer_required
def ask_again(request, payment_id):
    """Ask the bank about the payment now."""
    payment = settle_on_request(_find(request, payment_id))
    if payment.state == Payment.State.PAID:
        messages.success(request, _("The payment is in your wallet."))
    else:
        messages.info(request, _("The bank was asked: %(state)s.") % {"state": payment.get_state_display()})
    return redirect("dashboard:payment", payment_id)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def redeem(request):
    """Redeem a coupon that gives credit at once."""
    if request.method != "POST":
        return redirect("dashboard:wallet")
    code = request.POST.get("code", "")
    try:
        use = redeem_coupon(request.user.pk, code)
    except CouponRefused as refused:
        errors = {"code": describe(refused)}
        return render_wallet(request, entered={"code": code}, errors=errors, status=422)
    words = _("Your coupon gave your wallet %(amount)s toman.")
    messages.success(request, words % {"amount": format_number(use.amount, get_language())})
    return redirect("dashboard:wallet")


def _find_own(request):
    return Payment.objects.filter(customer_id=request.user.pk).exclude(state=Payment.State.NEW)


def _find(request, payment_id):
    payment = _find_own(request).filter(pk=payment_id).first()
    if payment is None:
        raise Http404
    return payment


def _read_amount(text):
    return read_digits(clean_number(text).strip())


def _name_field(refused):
    if isinstance(refused, CouponRefused):
        return "coupon"
    return "amount" if refused.code in (Refusal.AMOUNT_LOW, Refusal.AMOUNT_HIGH) else "page"
