"""Payments through the bank (contracts: panel-app-v1, user/payment, payment/verify and payment/test).

`payment/verify` is where the bank sends the customer back to. Whoever calls it is nobody to us, so it tells how it
went and nothing else, and asks the bank whatever `Status` says.
"""

from django.conf import settings
from django.urls import reverse
from rest_framework.response import Response

from orders.models import Order
from panel.api.panel_app.auth import require_writer
from panel.api.panel_app.base import PanelView, answer, read_parameters, read_plain_whole
from panel.api.panel_app.errors import BAD_FIELD, FAULTS, MISSING
from panel.api.rest.views import CallRefused
from panel.wallet.gateways.base import GatewayError
from panel.wallet.payments.models import Payment
from panel.wallet.payments.refusals import PaymentRefused, Refusal
from panel.wallet.payments.rehearsing import NoRehearsal, rehearse_payment
from panel.wallet.payments.results import sign_result
from panel.wallet.payments.starting import start_payment
from panel.wallet.payments.verifying import find_callback_payment, settle_on_request

BANK_AWAY = "درگاه پرداخت پاسخ نمی‌دهد؛ پولی جابه‌جا نشد. کمی بعد دوباره تلاش کنید"
REFUSALS = {
    Refusal.OFF: (503, "پرداخت اینترنتی در حال حاضر فعال نیست"),
    Refusal.AMOUNT_LOW: (400, "مبلغ وارد شده از حداقل مبلغ قابل پرداخت کمتر است"),
    Refusal.AMOUNT_HIGH: (400, "مبلغ وارد شده از حداکثر مبلغ قابل پرداخت ({limit} تومان) بیشتر است"),
    Refusal.TOO_MANY: (429, FAULTS[429]),
    Refusal.BANK_REFUSED: (503, "درگاه پرداخت این پرداخت را نپذیرفت"),
    Refusal.BANK_AWAY: (503, BANK_AWAY),
    Refusal.COUPON_UNKNOWN: (400, "کد تخفیف (coupon) وجود ندارد"),
    Refusal.COUPON_EARLY: (400, "زمان استفاده از این کد تخفیف (coupon) هنوز نرسیده است"),
    Refusal.COUPON_OVER: (400, "مهلت استفاده از این کد تخفیف (coupon) تمام شده است"),
    Refusal.COUPON_USED_UP: (400, "ظرفیت این کد تخفیف (coupon) تمام شده است"),
    Refusal.COUPON_USED: (400, "پیش‌تر از این کد تخفیف (coupon) استفاده کرده‌اید"),
    Refusal.COUPON_SMALL: (400, "این کد تخفیف (coupon) برای پرداخت‌های دست‌کم {limit} تومانی است"),
    Refusal.COUPON_FOR_PAYMENTS: (400, "این کد تخفیف (coupon) برای پرداخت است"),
    Refusal.COUPON_FOR_CREDIT: (400, "این کد (coupon) اعتبار هدیه است و برای پرداخت به کار نمی‌رود"),
}
RESULTS = {
    Payment.State.PAID: (200, "پرداخت با موفقیت انجام شد"),
    Payment.State.CANCELED: (400, "پرداخت انجام نشد"),
    Payment.State.FAILED: (400, "پرداخت انجام نشد"),
    Payment.State.MISMATCH: (400, "مبلغ پرداخت شده با مبلغ درخواستی یکی نیست؛ پشتیبانی آن را بررسی می‌کند"),
}
UNKNOWN_YET = (400, "نتیجه پرداخت هنوز مشخص نیست؛ از بانک دوباره پرسیده می‌شود")
NO_PAYMENT = "پرداخت مورد نظر یافت نشد"
SEE_OTHER, FOUND = 303, 302
MAX_COUPON = 64


class PaymentView(PanelView):
    """`POST user/payment`: 302 to the bank, or its address as JSON for who asks for JSON."""

    def post(self, request):
        require_writer(request)
        given = read_parameters(request)
        amount, coupon = _read_amount(given), _read_coupon(given)
        try:
            payment, url = start_payment(request.user, amount, Order.Channel.PANEL_APP, coupon)
        except PaymentRefused as refused:
            status, words = REFUSALS[refused.code]
            raise CallRefused(status, words.format(limit=refused.limit)) from refused
        if _wants_json(request):
            return answer(201, url=url, authority=payment.authority)
        return _send_to(url, FOUND)


class VerifyPaymentView(PanelView):
    """`GET user/payment/verify`, and POST: back from the bank. 303 to the wallet page, or JSON by `Accept`."""

    authentication_classes = ()
    http_method_names = ["get", "post"]  # asking the bank is no business of HEAD

    def get(self, request):
        return self._settle(request, request.query_params.dict())

    def post(self, request):
        return self._settle(request, read_parameters(request))

    def _settle(self, request, given):
        payment = find_callback_payment(given.get("Authority"))
        if payment is not None:
            payment = settle_on_request(payment, left=given.get("Status") == "NOK")
        if not _wants_json(request):
            told = "" if payment is None else sign_result(payment)
            return _send_to(f"{reverse('dashboard:wallet')}?payment={told}", SEE_OTHER)
        if payment is None:
            raise CallRefused(404, NO_PAYMENT)
        status, words = RESULTS.get(payment.state, UNKNOWN_YET)
        return answer(status, message=words)


class RehearsalView(PanelView):
    """`GET user/payment/test`: one round through the sandbox's bank; nothing is credited."""

    authentication_classes = ()
    http_method_names = ["get"]

    def get(self, request):
        try:
            authority, paid = rehearse_payment()
        except NoRehearsal as error:
            raise CallRefused(404, FAULTS[404]) from error
        except GatewayError as error:
            raise CallRefused(503, BANK_AWAY) from error
        return answer(authority=authority, reference=paid.reference, amount=settings.PAYMENT_MIN)


def _read_amount(given):
    if given.get("amount") in (None, ""):
        raise CallRefused(400, MISSING.format(field="amount"))
    amount = read_plain_whole(given["amount"])
    if amount is None:
        raise CallRefused(400, BAD_FIELD.format(field="amount"))
    return amount


def _read_coupon(given):
    coupon = given.get("coupon")
    if coupon is None:
        return ""
    if not isinstance(coupon, str) or len(coupon) > MAX_COUPON:
        raise CallRefused(400, BAD_FIELD.format(field="coupon"))
    return coupon


def _wants_json(request):
    return "application/json" in request.headers.get("Accept", "").lower()


def _send_to(url, status):
    return Response(status=status, headers={"Location": url, "Cache-Control": "no-store"})
