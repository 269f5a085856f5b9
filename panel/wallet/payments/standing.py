"""Whether the bank can be paid at: the newest payments say it."""

from datetime import timedelta

from django.utils import timezone

from panel.lib.standing import Standing, judge_share
from panel.wallet.gateways.opening import list_gateways
from panel.wallet.payments.models import Payment

NEWEST = 20
RECENT = timedelta(days=1)


def judge_payments():
    """The Standing of starting payments, by those of the newest that never got to the bank.

    UNKNOWN without a gateway, or when nobody paid of late. What customers do at the bank isn't held against it.
    """
    if not list_gateways():
        return Standing.UNKNOWN
    newest = Payment.objects.exclude(state=Payment.State.NEW).order_by("-pk")
    rows = newest.values_list("state", "authority", "created")[:NEWEST]
    recent = [(state, authority) for state, authority, created in rows if created > timezone.now() - RECENT]
    lost = sum(state == Payment.State.FAILED and authority is None for state, authority in recent)
    return judge_share(lost, len(recent))
