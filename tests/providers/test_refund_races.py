"""A refund by hand while polling brings the order's end: both together never give back more than was paid."""

import pytest
from django.core.management import call_command

from orders.models import Order
from orders.refunding import RefundRefused, refund_by_hand
from providers.adapters.base import Status
from providers.models import Dispatch
from providers.polling import apply_statuses
from tests.factories import make_customer
from tests.providers.steps import CHARGE, PURSE, balance_of, forward, look, place
from tests.providers.test_polling import tell
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 8
BY_HAND = 150


@pytest.mark.parametrize(
    "ending", [Status.CANCELED, Status.PARTIAL, Status.COMPLETED], ids=lambda one: one.value
)
def test_a_refund_by_hand_against_the_end_that_polling_brings(way, ending):
    customer, service, provider = way
    staff = make_customer(is_staff=True)
    expected = {Status.CANCELED: {CHARGE}, Status.COMPLETED: {BY_HAND}}.get(ending, {BY_HAND, CHARGE})
    for turn in range(TURNS):
        order_id = place(customer, service)
        forward()
        batch = list(Dispatch.objects.select_related("route").filter(order=order_id))
        news = tell(batch[0].upstream_id, ending, remains=101)
        refunded, _none = run_together(
            lambda pk=order_id: refund_by_hand(pk, amount=BY_HAND, reason="late", key="form", by_id=staff.pk),
            lambda batch=batch, news=news: apply_statuses(provider, batch, news),
        )
        assert isinstance(refunded, tuple | RefundRefused), refunded
        status, _forwarding, given, _remains = look(order_id)
        assert (status, given in expected) == (ending.value, True), turn
        spent = sum(Order.objects.values_list("charge", flat=True)) - sum(
            Order.objects.values_list("refunded", flat=True)
        )
        assert balance_of(customer) == PURSE - spent
    call_command("audit_ledger")  # exits 1 on drift
