"""The id from which on rows are young."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import OrderEvent
from panel.lib.row_ids import find_first_since

pytestmark = pytest.mark.django_db


def make_events(*ages):
    """Events so many hours old; returns their ids."""
    now = timezone.now()
    events = [OrderEvent(order_id=1, kind="placed", created=now - timedelta(hours=age)) for age in ages]
    return [event.pk for event in OrderEvent.objects.bulk_create(events)]


def find(hours):
    return find_first_since(OrderEvent, timezone.now() - timedelta(hours=hours))


def test_an_empty_table():
    assert find(24) == 0


@pytest.mark.parametrize(("hours", "place"), [(100, 0), (35, 1), (24, 3), (2, 4)])
def test_the_first_young_row(hours, place):
    ids = make_events(40, 30, 26, 20, 1)
    assert find(hours) == ids[place]


def test_gaps_between_ids_are_no_hindrance():
    ids = make_events(*[50] * 20, *[3] * 20)
    OrderEvent.objects.filter(pk__in=ids[15:25]).delete()
    assert OrderEvent.objects.filter(pk__gte=find(24)).order_by("pk").first().pk == ids[25]


def test_when_all_rows_are_old_it_is_beyond_the_last():
    ids = make_events(50, 40)
    assert find(1) == ids[-1] + 1
