"""Orders of each kind: the document's answer, what is stored and what is charged."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from orders.models import Order
from panel.accounts.models import ApiToken
from panel.lib.tracking import make_tracking_id
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.gray_city.conftest import (
    ADS,
    COMMENTS,
    CREATE,
    CREATE_V2,
    DESKS,
    EMAIL,
    FOLLOWER,
    FOLLOWER_PRO,
    IDS,
    PROFILE,
    VIDEO,
    WATCH_TIME,
    service_field,
)

LIKE, COMMENT, HOURS = DESKS[0], DESKS[2], DESKS[6]
QUEUED = "در صف⊷"
# kind: (quantity, charge in toman, fields) of the desk's order
STORED = {
    "like": (50, 100, None),
    "view": (50, 50, None),
    "comment": (4, 200, {"comments": "test\ntest2\ntest3\ntest4"}),
    "watch_time": (5, 4_500, None),
    "follower": (100, 3_000, None),
    "follower_pro": (500, 6_000, None),
    "ads": (1, 70_000, {"description": "Ads Description"}),
}
EXTRA = {"like": {"count": 50}, "view": {"count": 50}, "comment": {"comments": COMMENTS}}
KEYS = {
    CREATE_V2: ["category", "link", "user", "status", "tracking_id", "created"],
    CREATE: ["category", "link", "user", "status", "tracking_id", "created"],
    WATCH_TIME: ["category", "link", "user", "status", "tracking_id", "created"],
    FOLLOWER: ["product", "link", "user", "status", "tracking_id", "created"],
    FOLLOWER_PRO: ["product", "link", "user", "status", "tracking_id", "created"],
    ADS: ["product", "user", "status", "tracking_id", "created", "description"],
}


def show(moment):
    """The moment as the contract writes it, by hand: Tehran has had no summer time since 2022."""
    return (moment.astimezone(UTC) + timedelta(hours=3.5)).strftime("%Y-%m-%d %H:%M:%S")


def describe(desk, services, status=QUEUED):
    """The document's answer to the only order there is."""
    path, kind, fields = desk
    placed = Order.objects.get()
    everything = {
        service_field(path): services[kind].pk,
        "user": EMAIL,
        "status": status,
        "tracking_id": make_tracking_id(placed.pk),
        "created": show(placed.created),
    } | fields
    return {name: everything[name] for name in KEYS[path]} | EXTRA.get(kind, {})


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
def test_the_documents_answer(order, customer, services, desk):
    status, answer = order(desk)
    kind = desk[1]
    quantity, charge, fields = STORED[kind]
    assert (status, answer) == (200, describe(desk, services))
    assert list(answer) == KEYS[desk[0]] + list(EXTRA.get(kind, {}))
    assert re.fullmatch("[0-9a-f]{12}", answer["tracking_id"])
    assert Order.objects.values_list(
        "customer", "service", "channel", "link", "quantity", "charge", "fields", "status"
    ).get() == (
        customer.pk,
        services[kind].pk,
        "gray_city",
        desk[2].get("link", ""),
        quantity,
        charge,
        fields,
        "pending",
    )
    assert read_balance(customer.pk) == 1_000_000 - charge


def test_time_is_tehrans_now(order):
    before = datetime.now(UTC).replace(microsecond=0)
    answer = order(LIKE)[1]
    assert show(before) <= answer["created"] <= show(datetime.now(UTC))


def test_without_an_email_the_user_is_the_username(post, services):
    nameless = make_customer(toman=1_000, username="shop-7")
    body = {"category": services["like"].pk, "link": VIDEO, "count": 50}
    status, answer = post(CREATE, body, token=make_key(nameless, ApiToken.Contract.GRAY_CITY))
    assert (status, answer["user"]) == (200, "shop-7")


@pytest.mark.parametrize(
    "comment", [COMMENTS, "test\ntest2\ntest3\ntest4", "test\r\n\ntest2\n test3 \ntest4\n"]
)
@pytest.mark.parametrize("count", [None, 4, "4", "۴", "٤"])
def test_ways_to_write_comments(order, services, comment, count):
    assert order(COMMENT, comment=comment, count=count) == (200, describe(COMMENT, services))
    assert Order.objects.get().fields == {"comments": "\n".join(COMMENTS)}


@pytest.mark.parametrize("count", [50, "50", " 50 ", "۵۰", "٥٠", "050"])
def test_ways_to_write_a_number(order, services, count):
    assert order(LIKE, count=count, category=str(services["like"].pk)) == (200, describe(LIKE, services))


def test_persian_digits_name_a_service(order, services):
    persian = str(services["like"].pk).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert order(LIKE, category=persian) == (200, describe(LIKE, services))


def test_unknown_fields_are_ignored(order, services):
    more = {"count": 7, "comment": ["a"], "price": 0, "customer": 1, "charge": 0, "runs": 5}
    assert order(DESKS[7], **more) == (200, describe(DESKS[7], services))
    assert Order.objects.get().quantity == 100


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
def test_without_a_trailing_slash(order, services, desk):
    bare = (desk[0].rstrip("/"), *desk[1:])
    body = {service_field(desk[0]): services[desk[1]].pk}
    assert order(bare, **body) == (200, describe(desk, services))


@pytest.mark.parametrize("seconds", [121, 600])
def test_a_video_that_is_long_enough(order, services, seconds):
    link = f"https://www.aparat.com/v/demo{seconds}"
    assert order(HOURS, link=link)[0] == 200
    assert Order.objects.get().link == link


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
def test_an_idempotency_key_repeats_the_first_answer(order, customer, services, ledger, desk):
    key = {"Idempotency-Key": "once"}
    first = order(desk, key)
    after = ledger()
    assert first == (200, describe(desk, services))
    assert [order(desk, key), order(desk, key)] == [first, first]
    assert ledger() == after


def test_a_repeat_tells_how_far_the_order_is_and_when_it_was_placed(order, services):
    key = {"Idempotency-Key": "once"}
    order(LIKE, key)
    moment = datetime(2026, 3, 20, 22, 29, 59, tzinfo=UTC)
    words = {
        "pending": QUEUED,
        "processing": QUEUED,
        "in_progress": "در حال انجام",
        "completed": "تکمیل شده",
        "partial": "ناقص",
        "canceled": "لغو شده",
        "error": "خطا",
    }
    assert list(words) == Order.Status.values
    for status, word in words.items():
        Order.objects.update(status=status, created=moment)
        repeated = order(LIKE, key)
        assert repeated == (200, describe(LIKE, services, word))
        assert repeated[1]["created"] == "2026-03-21 01:59:59"


def test_a_repeat_for_a_service_that_was_paused_since(order, services):
    key = {"Idempotency-Key": "once"}
    first = order(LIKE, key)
    services["like"].active = False
    services["like"].save()
    assert order(LIKE, key) == first


def test_orders_without_a_key_are_separate(order, customer):
    ids = {order(LIKE)[1]["tracking_id"] for _ in range(3)}
    assert ids == {make_tracking_id(pk) for pk in Order.objects.values_list("pk", flat=True)}
    assert (len(ids), read_balance(customer.pk)) == (3, 1_000_000 - 300)


def test_a_profile_by_username_where_the_service_takes_one(order, services):
    services["follower"].link_format = "url_or_username"
    services["follower"].save()
    assert order(DESKS[7], link="@some.user")[1]["link"] == "@some.user"
    assert order(DESKS[7])[1]["link"] == PROFILE


@pytest.mark.parametrize(("path", "kind"), [(FOLLOWER, "follower"), (FOLLOWER_PRO, "follower_pro")])
def test_followers_priced_per_thousand_come_in_the_service_s_pack(order, services, customer, path, kind):
    sold = make_service(kind=kind, price=12_000, min=50, max=10_000, pack_size=300)
    status, _ = order((path, kind, {"link": PROFILE}), product=sold.pk)
    placed = Order.objects.get()
    assert (status, placed.quantity, placed.charge) == (200, 300, 3_600)
