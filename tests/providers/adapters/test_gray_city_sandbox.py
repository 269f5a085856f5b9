"""The gray_city adapter against the sandbox over real HTTP: every fate ends in its class, none made twice."""

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
from providers.adapters.gray_city import GrayCityAdapter

COMMENTS = {"comments": "one\ntwo\nthree"}


@pytest.fixture
def connect(sandbox, http):
    """connect(key) gives an adapter for the sandbox."""

    def make(key="sandbox-key"):
        return GrayCityAdapter(Credentials(f"{sandbox.url}/gray_city", key), http, Timeouts(2, 10))

    return make


def make_order(word, service="2", kind="like", type_="default", quantity=100, **fields):
    return OutboundOrder(service, type_, f"https://www.aparat.com/v/{word}", quantity, fields, "k1", kind)


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
    assert type(caught.value) is kind
    assert (len(sandbox.orders()), sandbox.counters()["adds_received"]) == (made, 1)


@pytest.mark.parametrize(
    "order",
    [
        make_order("plain"),
        make_order("plain", "3", "view"),
        make_order("plain", "9", "comment", "custom_comments", None, **COMMENTS),
        make_order("plain", "26", "watch_time", "watch_time", 2),
        make_order("plain", "6", "follower", "package", None),
        make_order("plain", "24", "follower_pro", "package", None),
        OutboundOrder("27", "ads", "", None, {"description": "text"}, "k1", "ads"),
    ],
)
def test_every_kind_can_be_ordered_and_ends(sandbox, connect, order):
    adapter = connect()
    upstream_id = adapter.place(order).upstream_id
    told = adapter.statuses([upstream_id])[upstream_id]
    assert (told.status, told.remains, told.error) == (Status.COMPLETED, None, None)
    assert len(sandbox.orders()) == 1


@pytest.mark.parametrize(
    ("word", "status"),
    [("partial", Status.PARTIAL), ("cancel", Status.CANCELED), ("stuck", Status.PENDING)],
)
def test_an_end_is_read(connect, word, status):
    adapter = connect()
    upstream_id = adapter.place(make_order(word)).upstream_id
    told = adapter.statuses([upstream_id])[upstream_id]
    assert (told.status, told.remains) == (status, None)


def test_an_unknown_id_has_its_error_and_a_foreign_key_reads_nothing(connect):
    told = connect().statuses(["0123456789ab"])["0123456789ab"]
    assert (told.status, bool(told.error)) == (None, True)
    adapter = connect("foreign")
    for call in ((adapter.services,), (adapter.balance,), (adapter.statuses, ["0123456789ab"])):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.account_problem is True


def test_what_is_on_offer_can_be_read_and_the_balance_goes_down(connect):
    adapter = connect()
    assert {service.id for service in adapter.services()} >= {"2", "3", "6", "9", "24", "26", "27"}
    before = adapter.balance().amount
    adapter.place(make_order("plain"))
    assert adapter.balance().amount < before
