"""How fast services are: what their orders did in the last day, and nothing older, chosen or asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders import speeds
from orders.lifecycle import Progress, advance_orders, settle_order
from orders.models import Order, OrderEvent, ServiceSpeed
from orders.parts.looking import look_at_plans
from orders.services import cancel_order, place_order
from orders.tasks import measure_speeds as measure_task
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def customer():
    return make_customer(toman=1_000_000)


@pytest.fixture
def service():
    return make_service()


def place(customer, service, age, **values):
    """An order that was placed `age` seconds ago and is with a provider now."""
    values = {"link": "https://instagram.com/p/abc", "quantity": 100} | values
    order = Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)
    return send(order, age)


def send(order, age):
    order.created = timezone.now() - timedelta(seconds=age)
    if order.forwarding != "parts":
        order.forwarding, order.status = "accepted", "processing"
    order.save()
    return order


def begin(order, age):
    advance_orders([Progress(order, "in_progress", None, None)])
    date_event(order, age)


def end(order, status, age, **told):
    settle_order(order, status, **told)
    date_event(order, age)


def date_event(order, age):
    last = OrderEvent.objects.filter(order=order).latest("id")
    OrderEvent.objects.filter(pk=last.pk).update(created=timezone.now() - timedelta(seconds=age))


def read_speeds():
    names = ("service_id", "start_seconds", "finish_seconds", "started", "finished", "failed", "waiting")
    return list(ServiceSpeed.objects.order_by("service_id").values_list(*names))


def test_averages_run_from_placing(customer, service):
    for placed, begun, ended in ((9000, 8900, 8000), (5000, 4700, 2000)):
        order = place(customer, service, placed)
        begin(order, begun)
        end(order, "completed", ended)
    measure_task()
    assert read_speeds() == [(service.pk, 200, 2000, 2, 2, 0, 0)]


def test_an_order_under_way_counts_for_the_start_alone(customer, service):
    begin(place(customer, service, 500), 440)
    measure_task()
    assert read_speeds() == [(service.pk, 60, None, 1, 0, 0, 0)]


def test_who_was_never_seen_in_progress_started_at_its_end(customer, service):
    end(place(customer, service, 500), "completed", 400)
    measure_task()
    assert read_speeds() == [(service.pk, 100, 100, 1, 1, 0, 0)]


def test_a_slow_order_counts_with_all_of_its_days_on_the_day_it_ends(customer, service):
    order = place(customer, service, 72 * HOUR)
    begin(order, 70 * HOUR)
    end(order, "completed", HOUR)
    measure_task()
    assert read_speeds() == [(service.pk, None, 71 * HOUR, 0, 1, 0, 0)]


def test_what_happened_before_the_last_day_counts_nothing(customer, service):
    other = make_service()
    order = place(customer, other, 60 * HOUR)
    begin(order, 50 * HOUR)
    end(order, "completed", 25 * HOUR)
    end(place(customer, service, 24 * HOUR), "completed", 23 * HOUR)
    measure_task()
    assert read_speeds() == [(service.pk, HOUR, HOUR, 1, 1, 0, 0)]


@pytest.mark.parametrize(
    ("status", "told"), [("error", {}), ("canceled", {}), ("partial", {"remains": 10, "cost": None})]
)
def test_what_failed_is_counted_and_has_no_time(customer, service, status, told):
    end(place(customer, service, 500), status, 400, **told)
    measure_task()
    assert read_speeds() == [(service.pk, None, None, 0, 0, 1, 0)]


def test_what_its_customer_canceled_is_no_failure(customer, service):
    queued = place(customer, service, 500)
    Order.objects.filter(pk=queued.pk).update(forwarding="queued")
    cancel_order(customer.pk, queued.pk)
    accepted = place(customer, service, 500)
    cancel_order(customer.pk, accepted.pk)
    accepted.refresh_from_db()
    end(accepted, "partial", 400, remains=10)
    measure_task()
    assert read_speeds() == []


def test_parts_count_from_when_they_were_due_and_their_order_not_at_all(customer):
    service = make_service(dripfeed=True)
    parent = place(customer, service, 40 * HOUR, runs=2, interval=600)
    look_at_plans()
    part = send(Order.objects.get(parent=parent), 900)
    begin(part, 800)
    end(part, "completed", 600)
    end(parent, "completed", 500, undone=0)
    measure_task()
    assert read_speeds() == [(service.pk, 100, 300, 1, 1, 0, 0)]


def test_orders_that_no_provider_takes_are_counted_unless_they_wait_for_their_link(customer, service):
    other = make_service()
    for age, fields in ((2000, {}), (1700, {}), (9000, {"held_by": 7})):
        order = place(customer, service, age)
        Order.objects.filter(pk=order.pk).update(forwarding="queued", status="pending", **fields)
    end(place(customer, other, 500), "completed", 400)
    measure_task()
    assert read_speeds() == [(service.pk, None, None, 0, 0, 0, 1), (other.pk, 100, 100, 1, 1, 0, 0)]


def test_a_service_that_went_quiet_loses_its_row(customer, service):
    other = make_service()
    end(place(customer, service, 500), "completed", 400)
    assert speeds.measure_speeds() == 1
    OrderEvent.objects.all().delete()
    end(place(customer, other, 500), "completed", 300)
    assert speeds.measure_speeds() == 1
    assert read_speeds() == [(other.pk, 200, 200, 1, 1, 0, 0)]


def test_nothing_to_measure(db):
    assert (speeds.measure_speeds(), read_speeds()) == (0, [])


def test_a_measurement_of_long_ago_says_nothing(customer, service):
    end(place(customer, service, 500), "completed", 400)
    speeds.measure_speeds()
    assert speeds.find_speed(service.pk).finish_seconds == 100
    ServiceSpeed.objects.update(measured_at=timezone.now() - speeds.STALE)
    assert (speeds.find_speed(service.pk), list(speeds.list_speeds())) == (None, [])


@pytest.mark.parametrize(
    ("finished", "failed", "percent"), [(2, 1, 66), (0, 4, 0), (5, 0, 100), (0, 0, None)]
)
def test_the_share_that_finished(finished, failed, percent):
    assert ServiceSpeed(finished=finished, failed=failed).finished_percent == percent


@pytest.mark.django_db(transaction=True)
def test_runs_at_the_same_time_measure_the_same(customer, service):
    for _ in range(3):
        end(place(customer, service, 500), "completed", 400)
    told = run_together(*[speeds.measure_speeds] * 4)
    assert (set(told) <= {0, 1}, 1 in told) == (True, True)
    assert read_speeds() == [(service.pk, 100, 100, 3, 3, 0, 0)]


TROUBLE = [  # finished, failed, waiting; whether many fail
    ((4, 1, 0), False),
    ((79, 21, 0), True),
    ((80, 20, 0), False),
    ((0, 4, 0), False),
    ((0, 5, 0), True),
    ((3, 2, 0), True),
    ((9, 0, 3), False),
    ((0, 0, 8), False),
]


def test_the_troubled_ones_come_worst_first():
    made = []
    for (finished, failed, waiting), many_fail in TROUBLE:
        counts = {"finished": finished, "failed": failed, "waiting": waiting}
        made.append(ServiceSpeed(service=make_service(), started=0, measured_at=timezone.now(), **counts))
        assert made[-1].many_fail == many_fail
    ServiceSpeed.objects.bulk_create(made)
    assert list(speeds.list_troubled()) == [made[4], made[5], made[1], made[7], made[6]]
