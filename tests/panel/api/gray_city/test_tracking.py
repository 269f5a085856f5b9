"""Following an order: only its owner, whatever contract it was placed through."""

from datetime import UTC, datetime

import pytest

from orders.models import Order
from orders.services import place_order
from panel.accounts.models import ApiToken
from panel.lib.tracking import make_tracking_id
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.gray_city.conftest import DESKS, IDS, TRACKING, VIDEO

UNKNOWN = (400, {"detail": "ایدی پیگیری سفارش یافت نشد"})
MALFORMED = (400, {"detail": "پارامتر ارسالی نامبعتر است"})
WORDS = {
    "pending": "Pending",
    "processing": "Processing",
    "in_progress": "In progress",
    "completed": "Done",
    "partial": "Partial",
    "canceled": "Canceled",
    "error": "Error",
}


@pytest.fixture
def track(get):
    def ask(tracking_id, **options):
        return get(TRACKING, {"tracking_id": tracking_id}, **options)

    return ask


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
def test_every_kind(order, track, desk):
    placed = order(desk)[1]
    status, answer = track(placed["tracking_id"])
    assert (status, answer) == (
        200,
        {
            "Type": desk[1],
            "link": desk[2].get("link", ""),
            "status": "Pending",
            "initialize_count": 0,
            "uniq_id": placed["tracking_id"],
            "date": placed["created"],
        },
    )
    assert list(answer) == ["Type", "link", "status", "initialize_count", "uniq_id", "date"]


@pytest.mark.parametrize("status", Order.Status.values)
def test_status_start_count_and_date(order, track, status):
    placed = order(DESKS[0])[1]["tracking_id"]
    moment = datetime(2023, 4, 30, 19, 30, 0, tzinfo=UTC)
    Order.objects.update(status=status, start_count=100, created=moment)
    assert track(placed) == (
        200,
        {
            "Type": "like",
            "link": VIDEO,
            "status": WORDS[status],
            "initialize_count": 100,
            "uniq_id": placed,
            "date": "2023-04-30 23:00:00",
        },
    )


@pytest.mark.parametrize("channel", Order.Channel.values)
@pytest.mark.parametrize(("kind", "type"), [("view", "view"), ("", "other")])
def test_orders_of_every_channel(customer, track, channel, kind, type):
    service = make_service(kind=kind)
    pk = place_order(customer.pk, channel, service.pk, {"link": VIDEO, "quantity": 10}).order_id
    status, answer = track(make_tracking_id(pk))
    assert (status, answer["Type"]) == (200, type)


def test_capital_letters_and_spaces(order, track):
    placed = order(DESKS[0])[1]["tracking_id"]
    assert track(f" {placed.upper()} ") == track(placed)


def test_without_a_slash(order, get):
    placed = order(DESKS[0])[1]["tracking_id"]
    status, answer = get(TRACKING.rstrip("/"), {"tracking_id": placed})
    assert (status, answer["uniq_id"]) == (200, placed)


@pytest.mark.parametrize("query", [None, {"tracking_id": ""}, {"tracking_id": "  "}, {"id": "d6a10c3c7fbf"}])
def test_missing_id(get, query):
    assert get(TRACKING, query) == UNKNOWN


@pytest.mark.parametrize("tracking_id", ["d6a10c3c7fbf", "000000000000", "ffffffffffff"])
def test_unknown_id(track, tracking_id):
    assert track(tracking_id) == UNKNOWN


def test_someone_elses_order_answers_as_an_unknown_one(order, track):
    placed = order(DESKS[0])[1]["tracking_id"]
    stranger = make_key(make_customer(), ApiToken.Contract.GRAY_CITY)
    assert track(placed, token=stranger) == UNKNOWN
    assert track(placed)[0] == 200


@pytest.mark.parametrize(
    "tracking_id",
    ["1", "d6a10c3c7fb", "d6a10c3c7fbf0", "d6a10c3c7fbg", "۱۲۳۴۵۶۷۸۹۰۱۲", "\x00" * 12, "x" * 5000],
)
def test_malformed_id(track, tracking_id):
    assert track(tracking_id) == MALFORMED
