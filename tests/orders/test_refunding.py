"""Refunds by hand: a part or the rest, before or after the end, never more than was paid, once for each form."""

import pytest
from django.core.management import call_command
from django.db import transaction

from orders import refunding
from orders.lifecycle import settle_order
from orders.models import Order, OrderEvent, OrderRefund
from orders.parts.making import make_part
from orders.parts.stopping import stop_parts
from orders.refunding import FormReused, IsPart, RefundRefused, refund_by_hand
from orders.services import CancelAnswer, cancel_order, place_order
from orders.tasks import handle_events
from panel.support.models import Notification
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from sms.models import Message
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PURSE, CHARGE = 100_000, 200  # toman; 100 pieces at 2,000 per 1,000


@pytest.fixture
def customer():
    return make_customer(PURSE)


@pytest.fixture
def staff():
    return make_customer(is_staff=True)


@pytest.fixture
def refund(staff):
    """Refund by hand in short: `refund(order, amount, key)`; the rest as a form sends it."""

    def act(order, amount, key="form", reason="not delivered"):
        return refund_by_hand(order.pk, amount=amount, reason=reason, key=key, by_id=staff.pk)

    return act


def place(customer, **service):
    values = {"link": "https://example.com/p", "quantity": "100"}
    placed = place_order(customer.pk, "dashboard", make_service(**service).pk, values)
    return Order.objects.get(pk=placed.order_id)


def place_drip_feed(customer):
    """1,000 units in ten runs of 100, for 2,000 toman."""
    service = make_service(dripfeed=True)
    values = {"link": "https://example.com/p", "quantity": 100, "runs": 10, "interval": 30}
    return Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)


def end(order, status, **told):
    """What polling does with an accepted order."""
    Order.objects.filter(pk=order.pk).update(forwarding="accepted", status="processing")
    order.refresh_from_db()
    settle_order(order, status, **told)


def stop(order):
    with transaction.atomic():
        stop_parts(Order.objects.select_for_update().get(pk=order.pk), asked_for=True)


def look(order):
    order.refresh_from_db()
    return order.status, order.refunded, read_balance(order.customer_id) - PURSE + order.charge


def check_ledger():
    call_command("audit_ledger")  # exits 1 on drift


def test_a_part_of_a_completed_order_and_then_the_rest(customer, staff, refund):
    order = place(customer)
    end(order, "completed", cost=120)
    made, is_new = refund(order, 50, "one")
    assert (made.amount, made.reason, made.by, is_new) == (50, "not delivered", staff, True)
    assert (*look(order), order.profit) == ("completed", 50, 50, 30)
    refund(order, 150, "two")
    assert (*look(order), order.profit) == ("completed", 200, 200, -120)
    check_ledger()


def test_never_more_than_is_left_of_the_charge(customer, refund):
    order = place(customer)
    end(order, "partial", remains=40)  # 80 came back
    with pytest.raises(RefundRefused) as refused:
        refund(order, 121)
    assert (refused.value.left, look(order)) == (120, ("partial", 80, 80))
    refund(order, 120)
    assert look(order) == ("partial", 200, 200)
    with pytest.raises(RefundRefused):
        refund(order, 1, "again")
    check_ledger()


def test_a_form_sent_twice_refunds_once_and_with_other_values_not_at_all(customer, refund):
    order = place(customer)
    first, _ = refund(order, 50)
    assert refund(order, 50) == (first, False)
    for amount, reason in ((60, "not delivered"), (50, "another")):
        with pytest.raises(FormReused):
            refund(order, amount, reason=reason)
    assert look(order) == ("pending", 50, 50)
    assert OrderEvent.objects.filter(kind="refunded").count() == 1


@pytest.mark.parametrize(("amount", "reason"), [(0, "x"), (-5, "x"), (5, " ")])
def test_without_an_amount_or_a_reason_nothing_moves(customer, refund, amount, reason):
    order = place(customer)
    with pytest.raises(ValueError, match="needs an amount above 0 and a reason"):
        refund(order, amount, reason=reason)
    assert look(order) == ("pending", 0, 0)


@pytest.mark.parametrize(
    ("status", "told", "refunded"),
    [
        ("completed", {}, 50),
        ("partial", {"remains": 40}, 130),  # on top of what the 40 cost
        ("partial", {"remains": 90}, 200),
        ("canceled", {}, 200),
        ("error", {}, 200),
    ],
)
def test_what_is_refunded_before_the_end_counts_at_the_end(customer, refund, status, told, refunded):
    order = place(customer)
    refund(order, 50)
    end(order, status, cost=10, **told)
    assert (*look(order), order.profit) == (status, refunded, refunded, CHARGE - refunded - 10)
    check_ledger()


def test_a_drip_feed_stopped_later_gives_back_what_is_undone_on_top(customer, refund):
    order = place_drip_feed(customer)
    part = make_part(order, order.link, 100)
    end(part, "completed")
    refund(order, 150)
    stop(order)
    assert look(order) == ("partial", 1950, 1950)  # 900 of 1,000 undone, and 150
    check_ledger()


def test_a_drip_feed_never_gives_back_more_than_its_charge(customer, refund):
    order = place_drip_feed(customer)
    refund(order, 1500)
    stop(order)
    assert look(order) == ("canceled", 2000, 2000)
    check_ledger()


def test_a_part_has_nothing_to_refund(customer, refund):
    order = place_drip_feed(customer)
    part = make_part(order, order.link, 100)
    with pytest.raises(IsPart):
        refund(part, 1)
    assert OrderRefund.objects.count() == 0


def test_the_customer_is_told_in_the_panel_and_by_sms(customer, refund):
    order = place(customer)
    refund(order, 50)
    handle_events()
    told = f"Order {order.pk} (Likes): staff gave you 50 toman back."
    assert list(Notification.objects.values_list("customer", "kind", "message", "order_id")) == [
        (customer.pk, "order_refunded", told, order.pk)
    ]
    said = f"50 toman of your order {order.pk} are back in your wallet."
    assert list(Message.objects.values_list("kind", "text")) == [("order_refunded", said)]


def test_a_process_that_dies_within_leaves_nothing(customer, refund, monkeypatch):
    order = place(customer)

    def die(*values):
        raise SystemExit

    monkeypatch.setattr(refunding, "_book", die)
    with pytest.raises(SystemExit):
        refund(order, 50)
    assert look(order) == ("pending", 0, 0)
    assert (OrderRefund.objects.count(), Transfer.objects.filter(kind="refund").count()) == (0, 0)


def test_the_same_form_at_one_moment_refunds_once(customer, refund):
    for turn in range(10):
        order = place(customer)
        answers = run_together(*[lambda order=order: refund(order, 150)] * 4)
        assert sorted(is_new for _made, is_new in answers) == [False, False, False, True]
        order.refresh_from_db()
        assert order.refunded == 150, turn
    check_ledger()


def test_different_forms_at_one_moment_stay_within_the_charge(customer, refund):
    order = place(customer)
    works = [lambda key=key: refund(order, 60, key) for key in "abcdef"]
    answers = run_together(*works)
    assert [type(answer) for answer in answers].count(RefundRefused) == 3
    assert look(order) == ("pending", 180, 180)
    check_ledger()


def test_refunding_while_the_customer_cancels_gives_the_charge_back_once(customer, refund):
    for turn in range(15):
        order = place(customer)
        refunded, canceled = run_together(
            lambda order=order: refund(order, 150), lambda order=order: cancel_order(customer.pk, order.pk)
        )
        assert canceled is CancelAnswer.REFUNDED
        assert isinstance(refunded, tuple | RefundRefused), refunded
        order.refresh_from_db()
        assert (order.status, order.refunded, read_balance(customer.pk)) == ("canceled", CHARGE, PURSE), turn
    check_ledger()
