"""Starting a payment: a row first, then the bank, then the customer's way there.

| the process dies | what is there afterwards |
|---|---|
| before the row is committed | nothing |
| before or while the bank is asked | a payment in `new`, without authority; the sweep makes it `failed` |
| after the bank's answer, before it is stored | the same: nobody was sent to the bank, so nobody pays |
| after that | a `pending` payment; the sweep asks about it whether or not the customer ever comes back |
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from panel.accounts.models import Customer
from panel.wallet.gateways.base import GatewayError, GatewayRefused
from panel.wallet.gateways.opening import list_gateways, open_gateway
from panel.wallet.payments.coupons import check_payment_coupon
from panel.wallet.payments.models import Payment
from panel.wallet.payments.refusals import PaymentRefused, Refusal

CALLBACK_PATH = "/api/v1/user/payment/verify"  # contracts: panel-app-v1
FIRST_ASK = timedelta(minutes=1) * settings.WAIT_SCALE
# Longer than any call of a bank: after it a `new` payment was left behind.
START_LEASE = timedelta(minutes=5) * settings.WAIT_SCALE


def start_payment(customer_id, amount, channel, coupon_code=""):
    """Start a payment of `amount` toman through `channel`; return it and the bank's page for the customer.

    No transaction may be open: the row has to be there before the bank is asked. Raises PaymentRefused and, for the
    coupon, CouponRefused.
    """
    gateways = list_gateways()
    if not gateways:
        raise PaymentRefused(Refusal.OFF)
    _check_amount(amount)
    coupon = check_payment_coupon(customer_id, coupon_code, amount) if coupon_code.strip() else None
    _check_number(customer_id)
    payment = Payment.objects.create(
        customer_id=customer_id,
        gateway=gateways[0],
        amount=amount,
        coupon=coupon,
        channel=channel,
        next_ask_at=timezone.now() + START_LEASE,
    )
    begun = _begin(payment)
    _store_authority(payment, begun.authority)
    return payment, begun.url


def build_callback_url():
    """Where banks send customers back to."""
    return settings.BASE_URL.rstrip("/") + CALLBACK_PATH


def find_bank_page(payment):
    """The bank's page for the customer of a payment that waits for them; "" for any other."""
    if payment.state != Payment.State.PENDING or payment.gateway not in list_gateways():
        return ""
    return open_gateway(payment.gateway).build_page_url(payment.authority)


def _check_amount(amount):
    if amount < settings.PAYMENT_MIN:
        raise PaymentRefused(Refusal.AMOUNT_LOW, limit=settings.PAYMENT_MIN)
    if amount > settings.PAYMENT_MAX:
        raise PaymentRefused(Refusal.AMOUNT_HIGH, limit=settings.PAYMENT_MAX)


def _check_number(customer_id):
    """Each start is a call at the bank, which limits ours; a few too many in a race do no harm."""
    hour_ago = timezone.now() - timedelta(hours=1)
    started = Payment.objects.filter(customer_id=customer_id, created__gt=hour_ago)
    if started.exclude(state=Payment.State.PAID).count() >= settings.PAYMENTS_PER_HOUR:
        raise PaymentRefused(Refusal.TOO_MANY, limit=settings.PAYMENTS_PER_HOUR)


def _begin(payment):
    """The bank's Begun. Raises PaymentRefused; then the payment has failed."""
    customer = Customer.objects.get(pk=payment.customer_id)
    with override(customer.language):
        description = gettext("Adding funds, payment %(id)s") % {"id": payment.pk}
    try:
        return open_gateway(payment.gateway).begin(
            payment.pk,
            payment.amount,
            build_callback_url(),
            description,
            mobile=customer.mobile or "" if customer.mobile_verified else "",
            email=customer.email or "",
        )
    except GatewayError as error:
        _fail(payment, error.reason)
        refused = isinstance(error, GatewayRefused)
        raise PaymentRefused(Refusal.BANK_REFUSED if refused else Refusal.BANK_AWAY) from error


def _store_authority(payment, authority):
    payment.authority, payment.state = authority, Payment.State.PENDING
    payment.next_ask_at = timezone.now() + FIRST_ASK
    try:
        with transaction.atomic():
            payment.save(update_fields=["authority", "state", "next_ask_at"])
    except IntegrityError as error:
        payment.authority = None
        _fail(payment, "the bank gave an authority that another payment has")
        raise PaymentRefused(Refusal.BANK_AWAY) from error


def _fail(payment, reason):
    payment.state, payment.reason, payment.next_ask_at = Payment.State.FAILED, reason[:300], None
    payment.save(update_fields=["state", "reason", "next_ask_at"])
