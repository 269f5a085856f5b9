"""Every service type of panel-app through HTTP: a right order, and each field it can't do without."""

import pytest

from orders.models import Order, Subscription
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.panel_app.calls import LINK, send

pytestmark = pytest.mark.django_db
POST = {"link": LINK, "quantity": 100}
TRAFFIC = {"country": "IR", "device": "mobile", "type_of_traffic": "search"}
# type → (what a client sends, what of it is required, quantity, charge, the order's fields)
TYPES = {
    "default": (POST, ["link", "quantity"], 100, 200, None),
    "package": ({"link": LINK}, ["link"], 1, 2000, None),
    "custom_comments": (
        {"link": LINK, "comments": "یک\nدو"},
        ["link", "comments"],
        2,
        4,
        {"comments": "یک\nدو"},
    ),
    "custom_comments_package": (
        {"link": LINK, "comments_custom_package": "یک\nدو"},
        ["link", "comments_custom_package"],
        1,
        2000,
        {"comments": "یک\nدو"},
    ),
    "mentions_with_hashtags": (
        POST | {"usernames": "a\nb", "hashtags": "c"},
        ["link", "quantity", "usernames", "hashtags"],
        100,
        200,
        {"usernames": "a\nb", "hashtags": "c"},
    ),
    "mentions_custom_list": (
        {"link": LINK, "usernames_custom": "a\nb\nc"},
        ["link", "usernames_custom"],
        3,
        6,
        {"usernames": "a\nb\nc"},
    ),
    "mentions_hashtag": (
        POST | {"hashtag": "c"},
        ["link", "quantity", "hashtag"],
        100,
        200,
        {"hashtag": "c"},
    ),
    "mentions_user_followers": (
        POST | {"username": "a"},
        ["link", "quantity", "username"],
        100,
        200,
        {"username": "a"},
    ),
    "mentions_media_likers": (
        POST | {"media_url": LINK},
        ["link", "quantity", "media_url"],
        100,
        200,
        {"media": LINK},
    ),
    "comment_likes": (
        POST | {"username": "a"},
        ["link", "quantity", "username"],
        100,
        200,
        {"username": "a"},
    ),
    "comment_replies": (
        {"link": LINK, "username": "a", "comments": "x\ny"},
        ["link", "username", "comments"],
        2,
        4,
        {"username": "a", "comments": "x\ny"},
    ),
    "poll": (
        POST | {"answer_number": 2},
        ["link", "quantity", "answer_number"],
        100,
        200,
        {"answer_number": "2"},
    ),
    "invites_from_groups": (
        POST | {"groups": "g\nh"},
        ["link", "quantity", "groups"],
        100,
        200,
        {"groups": "g\nh"},
    ),
    "web_traffic": (
        POST | TRAFFIC | {"google_keyword": "k"},
        ["link", "quantity", "country", "device", "type_of_traffic", "google_keyword"],
        100,
        200,
        TRAFFIC | {"google_keyword": "k"},
    ),
    "subscriptions": (
        {"username": "somebody", "sub_min": 10, "sub_max": 50, "sub_posts": 4},
        ["username", "sub_min", "sub_max"],
        200,
        400,
        None,
    ),
    "watch_time": (POST, ["link", "quantity"], 100, 200, None),
    "ads": ({"description": "بخرید"}, ["description"], 1, 2000, {"description": "بخرید"}),
}
MISSING = [(kind, field) for kind, (_, needed, *_) in TYPES.items() for field in needed]


@pytest.fixture
def customer():
    return make_customer(toman=100_000)


@pytest.fixture
def key(customer):
    return make_key(customer, "panel_app")


def order(key, kind, **fields):
    """`(HTTP status, JSON)` of an order of a service of that type."""
    service = make_service(type=kind, min=1, dripfeed=True)
    return send("order", key, {"service_id": service.pk, "category_id": service.category_id} | fields)


def refusal(words):
    return 200, {"status": 400, "message": words}


@pytest.mark.parametrize("kind", TYPES)
def test_a_right_order(customer, key, kind):
    sent, _, quantity, charge, fields = TYPES[kind]
    status, told = order(key, kind, **sent)
    assert (status, told["status"], told["message"]) == (200, 201, "Order placed successfully")
    row = Order.objects.get()
    assert (row.pk, row.channel, row.quantity, row.charge, row.fields) == (
        told["order"]["id"],
        "panel_app",
        quantity,
        charge,
        fields,
    )
    assert (told["order"]["service_type"], told["order"]["charge"]) == (kind, charge)
    assert read_balance(customer.pk) == 100_000 - charge


@pytest.mark.parametrize(("kind", "field"), MISSING)
def test_a_field_that_is_missing(customer, key, kind, field):
    sent = {name: value for name, value in TYPES[kind][0].items() if name != field}
    refused = refusal(f"فیلد {field} الزامی است")
    for given in (sent, sent | {field: None}, sent | {field: ""}):
        assert order(key, kind, **given) == refused
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)


@pytest.mark.parametrize(("kind", "field"), [case for case in MISSING if case[1] != "link"])
@pytest.mark.parametrize("value", [{"a": 1}, True, "\x00"])
def test_a_field_that_is_bad(key, kind, field, value):
    assert order(key, kind, **TYPES[kind][0] | {field: value}) == refusal(f"مقدار فیلد {field} نامعتبر است")
    assert Order.objects.count() == 0


@pytest.mark.parametrize(("kind", "field"), MISSING)
def test_a_megabyte_in_a_field(key, kind, field):
    status, told = order(key, kind, **TYPES[kind][0] | {field: "x" * 1_000_000})
    assert (status, told["status"], field in told["message"]) == (200, 400, True)
    assert Order.objects.count() == 0


@pytest.mark.parametrize("answer", ["x", 0, -1, 1.5, [2], 10**9, "9" * 50, "۲"])
def test_a_poll_has_no_such_answer(customer, key, answer):
    sent = TYPES["poll"][0] | {"answer_number": answer}
    assert order(key, "poll", **sent) == refusal("مقدار فیلد answer_number نامعتبر است")
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)


def test_either_field_of_web_traffic_will_do(key):
    sent = POST | TRAFFIC | {"referring_url": "https://example.com"}
    assert order(key, "web_traffic", **sent)[1]["status"] == 201
    assert Order.objects.get().fields == TRAFFIC | {"referring_url": "https://example.com"}


def test_fields_of_other_types_are_ignored(key):
    foreign = {
        "comments": "x",
        "usernames_custom": "a",
        "api_provider_id": 4,
        "api_service_id": "9",
        "runs": 9,
    }
    assert order(key, "default", **POST, **foreign, interval=5)[1]["status"] == 201
    row = Order.objects.get()
    assert (row.fields, row.quantity, row.forwarding) == (None, 100, "queued")


def test_lists_may_come_as_lists(key):
    assert order(key, "custom_comments", link=LINK, comments=["یک", "دو"])[1]["status"] == 201
    assert Order.objects.get().fields == {"comments": "یک\nدو"}


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("default", POST | {"quantity": 20_000}, "تعداد (quantity) باید حداکثر 10000 باشد"),
        ("custom_comments", {"link": LINK, "comments": "\n".join("x" * 10_001)}, None),
        ("subscriptions", {"username": "a", "sub_min": 5, "sub_max": 20_000, "sub_posts": 1}, None),
    ],
)
def test_bounds_name_the_field_that_is_counted(key, kind, fields, words):
    words = (
        words
        or {
            "custom_comments": "مقدار فیلد comments نامعتبر است",
            "subscriptions": "تعداد (sub_max) باید حداکثر 10000 باشد",
        }[kind]
    )
    assert order(key, kind, **fields) == refusal(words)


def test_too_few_lines_name_their_list(key):
    service = make_service(type="mentions_custom_list", min=3)
    given = {"service_id": service.pk, "link": LINK, "usernames_custom": "a\nb"}
    assert send("order", key, given) == refusal("تعداد (usernames_custom) باید دست‌کم 3 باشد")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sub_posts", "x"),
        ("sub_delay", -1),
        ("sub_delay", "۳۰"),
        ("sub_min", "۱۰"),
        ("sub_expiry", "31/02/2027"),
        ("sub_expiry", "2027-01-01"),
    ]
    + [("sub_max", 5), ("sub_posts", 10**9)],
)
def test_what_a_subscription_may_carry(key, field, value):
    sent = TYPES["subscriptions"][0] | {field: value}
    assert order(key, "subscriptions", **sent) == refusal(f"مقدار فیلد {field} نامعتبر است")


def test_a_subscription_says_what_it_is(key):
    sent = TYPES["subscriptions"][0] | {
        "service_type": "subscriptions",
        "sub_delay": "30",
        "is_drip_feed": "on",
    }
    status, told = order(key, "subscriptions", **sent)
    assert (status, told["status"], told["order"]["is_drip_feed"]) == (200, 201, 0)
    plan = Subscription.objects.get()
    assert (plan.username, plan.min, plan.max, plan.posts, plan.old_posts, plan.delay, plan.expires_at) == (
        "somebody",
        10,
        50,
        4,
        0,
        30,
        None,
    )


def test_the_type_must_not_contradict_the_service(key):
    words = "مقدار فیلد service_type نامعتبر است"
    assert order(key, "default", **POST, service_type="subscriptions") == refusal(words)
    assert order(key, "subscriptions", **TYPES["subscriptions"][0], service_type="default") == refusal(words)
    assert order(key, "default", **POST, service_type="default")[1]["status"] == 201
