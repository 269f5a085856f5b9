"""Drip-feed: charged at once, run by run, and what was not done comes back."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from orders.callers import Bearer
from orders.lifecycle import settle_order
from orders.models import DripFeed, Order, OrderEvent
from orders.parts import receivers
from orders.parts.looking import look_at_plans
from orders.parts.progress import IDLE_SECONDS
from orders.refusals import OrderRefused
from orders.services import CancelAnswer, OrderRequest, cancel_order, place_order, place_orders_by_token
from orders.tasks import handle_events
from panel.lib.secrets import digest_token
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://instagram.com/p/abc"


@pytest.fixture
def customer():
    return make_customer(toman=10_000)


def place(customer, service=None, key="", **values):
    """1,000 units in ten runs of 100 at 2,000 per 1,000, unless told otherwise."""
    service = service or make_service(dripfeed=True, same_link="queue")
    values = {"link": LINK, "quantity": 100, "runs": 10, "interval": 30} | values
    return place_order(customer.pk, "dashboard", service.pk, values, key)


def refusal_of(work):
    with pytest.raises(OrderRefused) as refused:
        work()
    return refused.value.code.value, refused.value.field


def come_due(order_id):
    """The time of the next run has come."""
    past = timezone.now() - timedelta(minutes=1)
    DripFeed.objects.filter(pk=order_id).update(next_run_at=past, next_look_at=past)
    look_at_plans()


def end_part(order_id, status="completed", **told):
    """What polling does with the newest part; the event makes the plan due."""
    part = Order.objects.filter(parent=order_id, settled_at=None).latest("id")
    Order.objects.filter(pk=part.pk).update(forwarding="accepted", status="processing")
    part.refresh_from_db()
    settle_order(part, status, **told)
    handle_events()
    look_at_plans()


def tell(order_id):
    order = Order.objects.get(pk=order_id)
    return order.status, order.refunded, order.remains


def count_parts(order_id):
    return Order.objects.filter(parent=order_id).count()


def audit():
    call_command("audit_ledger", verbosity=0)


def test_it_is_charged_at_once_and_never_sent_itself(customer):
    placed = place(customer)
    order = Order.objects.get(pk=placed.order_id)
    assert (placed.charge, order.quantity, order.forwarding, order.next_try_at) == (2000, 1000, "parts", None)
    assert read_balance(customer.pk) == 8000
    plan = DripFeed.objects.get(pk=placed.order_id)
    assert (plan.runs, plan.quantity, plan.interval, plan.made) == (10, 100, 30, 0)


def test_the_whole_charge_is_rounded_once(customer):
    service = make_service(dripfeed=True, price=1)
    assert place(customer, service, quantity=10, runs=3).charge == 1


def test_the_first_run_starts_at_once_and_the_next_after_the_interval(customer):
    order_id = place(customer).order_id
    look_at_plans()
    part = Order.objects.get(parent=order_id)
    assert (part.quantity, part.charge, part.link, part.forwarding) == (100, 0, LINK, "queued")
    end_part(order_id)
    assert count_parts(order_id) == 1
    come_due(order_id)
    assert count_parts(order_id) == 2


def test_a_run_waits_for_the_one_before_it(customer):
    order_id = place(customer).order_id
    look_at_plans()
    come_due(order_id)
    assert count_parts(order_id) == 1
    end_part(order_id)
    assert count_parts(order_id) == 2


def test_where_links_may_be_shared_only_time_counts(customer):
    order_id = place(customer, make_service(dripfeed=True, same_link="allow")).order_id
    look_at_plans()
    come_due(order_id)
    assert count_parts(order_id) == 2


def test_all_runs_done(customer):
    order_id = place(customer, runs=3).order_id
    look_at_plans()
    for _ in range(3):
        end_part(order_id, cost=50)
        come_due(order_id)
    order = Order.objects.get(pk=order_id)
    assert tell(order_id) == ("completed", 0, 0)
    assert (order.cost, order.profit) == (150, 450)
    assert DripFeed.objects.get(pk=order_id).next_look_at is None
    audit()


def test_an_end_whose_event_died_with_its_process_is_seen_by_the_next_idle_look(customer, monkeypatch):
    order_id = place(customer, runs=2).order_id
    look_at_plans()
    end_part(order_id)
    come_due(order_id)
    with monkeypatch.context() as died:
        died.setattr(receivers, "make_plan_due", lambda parent_id: None)  # after the event's transaction
        end_part(order_id)
    assert tell(order_id)[0] == "in_progress"
    idle = timedelta(seconds=IDLE_SECONDS)
    DripFeed.objects.filter(pk=order_id).update(next_look_at=F("next_look_at") - idle)
    look_at_plans()
    assert tell(order_id) == ("completed", 0, 0)


def test_what_runs_leave_undone_comes_back_at_the_end(customer):
    order_id = place(customer, runs=3).order_id
    look_at_plans()
    end_part(order_id, "partial", remains=40)
    come_due(order_id)
    end_part(order_id, "error", reason="no such page")
    come_due(order_id)
    end_part(order_id)
    # 140 of 300 units at 600 toman.
    assert tell(order_id) == ("partial", 280, 140)
    assert read_balance(customer.pk) == 10_000 - 600 + 280
    audit()


def test_when_every_run_is_refused_everything_comes_back(customer):
    order_id = place(customer, runs=2).order_id
    look_at_plans()
    end_part(order_id, "error", reason="no such page")
    come_due(order_id)
    end_part(order_id, "error", reason="no such page")
    order = Order.objects.get(pk=order_id)
    assert (order.status, order.refunded, order.reason) == ("error", 400, "no such page")
    assert read_balance(customer.pk) == 10_000
    audit()


def test_canceling_before_the_first_run(customer):
    order_id = place(customer).order_id
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REFUNDED
    assert tell(order_id) == ("canceled", 2000, 1000)
    look_at_plans()
    assert count_parts(order_id) == 0
    audit()


def test_canceling_refunds_unsent_runs_at_once_and_the_rest_at_the_end(customer):
    order_id = place(customer).order_id
    look_at_plans()
    end_part(order_id)
    come_due(order_id)
    Order.objects.filter(parent=order_id, settled_at=None).update(forwarding="accepted")
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    assert tell(order_id)[:2] == ("in_progress", 1600)
    assert read_balance(customer.pk) == 10_000 - 400
    open_part = Order.objects.get(parent=order_id, settled_at=None)
    assert open_part.cancel_requested_at is not None
    end_part(order_id, "partial", remains=70)
    assert tell(order_id) == ("partial", 1740, 870)
    assert Transfer.objects.filter(kind="refund").count() == 2
    audit()


def test_a_run_that_was_not_sent_is_canceled_with_the_order(customer):
    order_id = place(customer).order_id
    look_at_plans()
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REFUNDED
    assert tell(order_id)[:2] == ("canceled", 2000)
    assert Order.objects.get(parent=order_id).status == "canceled"
    audit()


def test_a_part_can_not_be_canceled_by_itself(customer):
    order_id = place(customer).order_id
    look_at_plans()
    part = Order.objects.get(parent=order_id)
    assert refusal_of(lambda: cancel_order(customer.pk, part.pk)) == ("not_cancelable", "")


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"interval": ""}, ("field_missing", "interval")),
        ({"runs": None}, ("field_missing", "runs")),
        ({"runs": 1001}, ("field_bad", "runs")),
        ({"runs": "-2"}, ("field_bad", "runs")),
        ({"runs": True}, ("field_bad", "runs")),
        ({"runs": 2.5}, ("field_bad", "runs")),
        ({"interval": "soon"}, ("field_bad", "interval")),
        ({"interval": 43_201}, ("field_bad", "interval")),
        ({"quantity": 9}, ("quantity_low", "quantity")),
        ({"quantity": 10_001}, ("quantity_high", "quantity")),
        ({"quantity": "9" * 30}, ("quantity_high", "quantity")),
        ({"quantity": 10_000}, ("funds", "")),
    ],
)
def test_bad_input_places_nothing(customer, values, refusal):
    assert refusal_of(lambda: place(customer, **values)) == refusal
    assert (Order.objects.count(), DripFeed.objects.count(), read_balance(customer.pk)) == (0, 0, 10_000)


def test_one_run_is_a_plain_order(customer):
    order_id = place(customer, runs="۱").order_id
    assert Order.objects.get(pk=order_id).forwarding == "queued"
    assert DripFeed.objects.count() == 0


def test_it_has_to_be_sold(customer):
    assert refusal_of(lambda: place(customer, make_service())) == ("field_bad", "runs")
    package = make_service(type="package", dripfeed=True)
    assert refusal_of(lambda: place(customer, package)) == ("field_bad", "runs")
    listed = make_service(type="mentions", dripfeed=True)
    assert refusal_of(lambda: place(customer, listed, usernames="a")) == ("field_bad", "runs")


def test_the_same_key_places_it_once(customer):
    service = make_service(dripfeed=True)
    first, again = place(customer, service, "k"), place(customer, service, "k")
    assert again.order_id == first.order_id
    assert refusal_of(lambda: place(customer, service, "k", runs=9)) == ("key_reused", "")
    assert DripFeed.objects.count() == 1


def test_twenty_at_once_spend_no_more_than_there_is(customer):
    service = make_service(dripfeed=True)
    results = run_together(*[lambda: place(customer, service) for _ in range(20)])
    assert sum(not isinstance(result, Exception) for result in results) == 5
    assert (DripFeed.objects.count(), read_balance(customer.pk)) == (5, 0)
    audit()


def test_in_bulk_each_is_answered(customer):
    service = make_service(dripfeed=True)
    bearer = Bearer(digest_token(make_key(customer)), "standard")
    values = {"link": LINK, "quantity": 100}
    asked = [values, values | {"runs": 2, "interval": 5}, values | {"runs": 2}, values]
    answers = place_orders_by_token(bearer, "standard", [OrderRequest(service.pk, one) for one in asked])
    assert [getattr(answer, "charge", None) for answer in answers] == [200, 400, None, 200]
    assert answers[2].field == "interval"


def test_many_workers_make_each_run_once(customer):
    ids = [place(customer, quantity=10).order_id for _ in range(10)]
    run_together(*[look_at_plans for _ in range(6)])
    assert [count_parts(pk) for pk in ids] == [1] * 10


def test_canceling_and_looking_at_once_lose_no_toman(customer):
    for _ in range(8):
        order_id = place(customer, quantity=10).order_id
        run_together(look_at_plans, lambda pk=order_id: cancel_order(customer.pk, pk), look_at_plans)
        assert tell(order_id)[:2] == ("canceled", 200)
    assert read_balance(customer.pk) == 10_000
    audit()


def test_parts_are_told_to_nobody(customer):
    order_id = place(customer).order_id
    look_at_plans()
    end_part(order_id)
    kinds = set(OrderEvent.objects.exclude(order_id=order_id).values_list("kind", flat=True))
    assert kinds == {"part_completed"}
    assert customer.notifications.count() == 0


def test_a_service_that_refuses_a_second_order_on_a_link_lets_its_runs_through(customer):
    from orders.links import hold_links

    service = make_service(dripfeed=True, same_link="refuse")
    order_id = place(customer, service).order_id
    assert refusal_of(lambda: place(customer, service)) == ("link_taken", "link")
    look_at_plans()
    part = Order.objects.select_related("service").get(parent=order_id)
    assert hold_links([part]) == {}
    cancel_order(customer.pk, order_id)
    assert place(customer, service).order_id > order_id


def test_a_charge_that_no_wallet_can_hold_is_want_of_funds(customer):
    service = make_service(dripfeed=True, price=10**10, max=10**9)
    assert refusal_of(lambda: place(customer, service, quantity=10**9, runs=1000)) == ("funds", "")
