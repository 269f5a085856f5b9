"""What customers and the bank do in tests of payments."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import requests
from django.conf import settings
from django.utils import timezone

from panel.wallet.ledger import open_wallet
from panel.wallet.models import Coupon, Payment, Transfer
from panel.wallet.payments.starting import start_payment


def begin(customer, amount=50_000, coupon=""):
    """A payment that waits for its customer at the bank."""
    return start_payment(customer.pk, amount, "dashboard", coupon)[0]


def pay_at_bank(payment, outcome="pay"):
    """What the customer does at the played bank; the query the browser comes back with, empty if it doesn't."""
    url = f"{settings.ZARINPAL_URL}/pay/{payment.authority}"
    answer = requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=10)
    return dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))


def make_coupon(code="SUMMER", **fields):
    """10 percent of a payment, once for each customer."""
    return Coupon.objects.create(code=code, **({"kind": "percent", "value": 10} | fields))


def moved(customer):
    """`(key, amount, kind)` of everything that came into the customer's wallet, oldest first."""
    rows = Transfer.objects.filter(credit_id=open_wallet(customer.pk).pk).order_by("id")
    return list(rows.values_list("key", "amount", "kind"))


def reread(payment):
    """The payment as it is now."""
    return Payment.objects.get(pk=payment.pk)


def make_due(payment):
    """Let the sweep find it."""
    Payment.objects.filter(pk=payment.pk).update(next_ask_at=timezone.now())


def make_older(payment, hours):
    """As if it had been started so many hours ago."""
    Payment.objects.filter(pk=payment.pk).update(created=timezone.now() - timedelta(hours=hours))
