"""Payments in a restored database: the bank is asked again about all that may have been paid meanwhile."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from panel.wallet.models import Payment
from panel.wallet.payments.recording import OPEN
from panel.wallet.tasks import handle_batch


def ask_about_payments(gap):
    """Make open payments due at once, and name each that may have been paid; crediting is once whatever comes."""
    while handle_batch():
        pass
    begun = gap.since - timedelta(hours=settings.PAYMENT_GIVE_UP_HOURS)
    young = Payment.objects.filter(created__gt=begun, created__lte=gap.since).exclude(authority=None)
    Payment.objects.filter(state__in=OPEN, created__lte=gap.since).exclude(authority=None).update(
        next_ask_at=timezone.now()
    )
    unpaid = young.exclude(state__in=[Payment.State.PAID, Payment.State.MISMATCH])
    for payment in unpaid.order_by("id"):
        asked = "is asked about by itself" if payment.state in OPEN else "look it up at the bank"
        yield f"payment {payment.pk}: {payment.amount} toman, {payment.authority}, {payment.state}: {asked}"
    yield (
        f"payments begun after {gap.since.isoformat()} are not here: take them from the bank's report until"
        f" {gap.lost.isoformat()} and credit them by hand"
    )
