"""The panel_app adapter against the sandbox over real HTTP: every fate ends in its class, none made twice."""

from dataclasses import replace
from decimal import Decimal

import pytest

from providers.adapters.base import (
    AccountProblem,
    AdapterError,
    Credentials,
    OutboundOrder,
    Rejected,
    Status,
    Timeouts,
    Unavailable,
    Unclear,
)
from providers.adapters.panel_app import PanelAppAdapter

FIELDS = {
    "usernames": "a\nb\nc\nd\ne\nf\ng\nh\ni\nj",
    "hashtags": "a",
    "hashtag": "a",
    "username": "someone",
    "media": "https://example.com/m",
    "comments": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten",
    "answer_number": "2",
    "groups": "https://example.com/g",
    "country": "IR",
    "device": "1",
    "type_of_traffic": "1",
    "google_keyword": "panel",
}
TYPES = {  # of the sandbox's services, where not default
    "6": "package",
    "8": "mentions",
    "9": "custom_comments",
    "10": "custom_comments_package",
    "11": "mentions_with_hashtags",
    "12": "mentions_custom_list",
    "13": "mentions_hashtag",
    "14": "mentions_user_followers",
    "15": "mentions_media_likers",
    "16": "comment_likes",
    "17": "comment_replies",
    "18": "poll",
    "19": "invites_from_groups",
    "20": "web_traffic",
    "24": "package",
}
COUNTED = ("package", "custom_comments", "custom_comments_package", "mentions_custom_list", "comment_replies")


@pytest.fixture
def connect(sandbox, http):
    """connect(key) gives an adapter for the sandbox."""

    def make(key="sandbox-key"):
        credentials = Credentials(f"{sandbox.url}/panel_app/api/v1", key)
        return PanelAppAdapter(credentials, http, Timeouts(2, 10))

    return make


def make_order(word, service="2", type_="default", quantity=100):
    return OutboundOrder(service, type_, f"https://www.instagram.com/p/{word}", quantity, {}, "k1")


@pytest.mark.parametrize(
    ("word", "kind", "made"),
    [
        ("refuse", Rejected, 0),
        ("badkey", AccountProblem, 0),
        ("nofunds", AccountProblem, 0),
        ("busy", Unavailable, 0),
        ("timeoutbefore", Unclear, 0),
        ("error500before", Unclear, 0),
        ("timeout", Unclear, 1),
        ("error500", Unclear, 1),
        ("garbage", Unclear, 1),
        ("reset", Unclear, 1),
        ("list", Unclear, 1),
        ("huge", Unclear, 1),
    ],
)
def test_a_fate_on_placing_ends_in_its_class(sandbox, connect, word, kind, made):
    with pytest.raises(AdapterError) as caught:
        connect().place(make_order(word))
    assert (type(caught.value), len(sandbox.orders())) == (kind, made)


@pytest.mark.parametrize(
    ("order", "status", "remains", "charge"),
    [
        (make_order("plain"), Status.COMPLETED, 0, 90),
        (make_order("plain", "6", "package", None), Status.COMPLETED, 0, 25000),
        (make_order("stringid"), Status.COMPLETED, 0, 90),
        (make_order("partial"), Status.PARTIAL, 40, 54),
        (make_order("nullremains"), Status.PARTIAL, None, 90),
        (make_order("negative"), Status.COMPLETED, -10, 90),
        (make_order("cancel"), Status.CANCELED, 100, 0),
        (make_order("failed"), Status.CANCELED, 100, 0),
        (make_order("stuck"), Status.PENDING, 100, 90),
    ],
)
def test_an_end_is_read(connect, order, status, remains, charge):
    adapter = connect()
    upstream_id = adapter.place(order).upstream_id
    told = adapter.statuses([upstream_id])[upstream_id]
    assert (told.status, told.remains, told.charge) == (status, remains, Decimal(charge))


def test_an_unclear_order_asked_for_again_with_its_key_is_not_made_twice(sandbox, connect):
    adapter = connect()
    with pytest.raises(Unclear):
        adapter.place(make_order("error500"))
    assert adapter.place(make_order("error500")).upstream_id == "1"
    assert len(sandbox.orders()) == 1


def test_every_service_on_offer_can_be_bought_by_its_listed_id(sandbox, connect):
    adapter = connect()
    listed = adapter.services()
    for at, service in enumerate(listed):
        type_ = TYPES.get(service.id.rpartition("/")[2], "default")
        quantity = None if type_ in COUNTED else service.min
        order = make_order(f"plain-{at}", service.id, type_, quantity)
        adapter.place(replace(order, fields=FIELDS, idempotency_key=f"k{at}"))
    made = [str(row["service"]) for row in sandbox.orders()]
    assert made == [service.id.rpartition("/")[2] for service in listed]
    assert {"/" in service.id for service in listed} == {True}


def test_a_service_in_another_category_is_refused(sandbox, connect):
    adapter = connect()
    with pytest.raises(Rejected):
        adapter.place(make_order("plain", "1/2"))
    assert adapter.place(make_order("plain", "2")).charge == 90
    assert len(sandbox.orders()) == 1


def test_orders_that_are_not_ours_have_an_error(connect):
    upstream_id = connect().place(make_order("plain")).upstream_id
    other = connect("sandbox-other")
    assert other.statuses([upstream_id])[upstream_id].error == "منع دسترسی"
    assert other.statuses(["999"])["999"].error == "سفارش مورد نظر یافت نشد"


def test_a_foreign_key_does_nothing_and_is_told_apart(connect):
    adapter = connect("foreign")
    with pytest.raises(AccountProblem):
        adapter.place(make_order("plain"))
    for call in ((adapter.services,), (adapter.balance,), (adapter.statuses, ["1"])):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.account_problem is True


def test_the_balance_goes_down_by_the_charge(connect):
    adapter = connect()
    before = adapter.balance().amount
    charge = adapter.place(make_order("plain")).charge
    assert adapter.balance().amount == before - charge


@pytest.mark.parametrize("action", ["services", "categories"])
def test_a_list_that_breaks_off_is_no_list(sandbox, connect, action):
    adapter = connect()
    for kind, error in (("truncated", Unclear), ("500", Unclear), ("429", Unavailable)):
        sandbox.set_fault(action, kind)
        with pytest.raises(error):
            adapter.services()
    assert len(adapter.services()) == 23
