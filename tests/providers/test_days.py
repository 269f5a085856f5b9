"""What was spent at providers by day in Tehran."""

from datetime import timedelta
from decimal import Decimal

from orders.models import Order
from panel.lib.tehran_days import find_today, start_of
from providers.days import measure_providers, read_spending
from providers.models import Dispatch, ProviderDay
from providers.tasks import measure_days
from tests.factories import make_provider
from tests.providers.steps import forward, make_all_due, place, poll

TODAY = find_today()


def finish(way, cost, settled_at=None):
    """An order that went to the provider and ended there, at that cost."""
    order_id = place(way[0], way[1])
    forward()
    make_all_due()
    poll()
    fields = {"settled_at": settled_at} if settled_at else {}
    Order.objects.filter(pk=order_id).update(cost=cost, **fields)
    return order_id


def test_the_cost_of_ended_orders_is_spent_at_their_provider(way):
    finish(way, Decimal("100.6"))
    finish(way, Decimal("50"))
    finish(way, None)
    other = make_provider("http://127.0.0.1:1")
    measure_providers()
    rows = list(ProviderDay.objects.values_list("provider_id", "day", "orders", "cost"))
    assert rows == [(way[2].pk, TODAY, 3, 151)]
    assert read_spending(way[2].pk, [TODAY - timedelta(days=1), TODAY]) == {
        TODAY - timedelta(days=1): 0,
        TODAY: 151,
    }
    assert read_spending(other.pk, [TODAY]) == {TODAY: 0}


def test_a_dispatch_that_came_to_nothing_spends_nothing(way):
    order_id = finish(way, Decimal(100))
    Dispatch.objects.filter(order=order_id).update(state=Dispatch.State.MISSING)
    measure_providers()
    assert list(ProviderDay.objects.all()) == []


def test_days_begin_at_midnight_in_tehran_and_are_measured_again(way):
    finish(way, Decimal(5), start_of(TODAY))
    finish(way, Decimal(70), start_of(TODAY) - timedelta(seconds=1))
    for _ in range(2):
        measure_days()
        days = ProviderDay.objects.order_by("day").values_list("day", "orders", "cost")
        assert list(days) == [(TODAY - timedelta(days=1), 1, 70), (TODAY, 1, 5)]
