"""The standard adapter against the sandbox over real HTTP: every fate ends in its class, none made twice."""

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
from providers.adapters.payloads import name_type
from providers.adapters.standard import StandardAdapter
from providers.sandbox.server import SandboxServer

FIELDS = {
    "keywords": "a",
    "usernames": "a\nb",
    "hashtags": "#a",
    "hashtag": "#a",
    "username": "someone",
    "media": "https://example.com/p/2",
    "comments": "\n".join(f"comment {number}" for number in range(10)),
    "answer_number": "1",
    "groups": "https://example.com/g",
    "country": "IR",
    "device": "1",
    "type_of_traffic": "1",
    "google_keyword": "a",
    "min": "100",
    "max": "200",
    "posts": "1",
}


@pytest.fixture
def sandbox():
    with SandboxServer(port=0, pace=0) as server:
        yield server


@pytest.fixture
def connect(sandbox, http):
    """connect(key) gives an adapter for the sandbox."""

    def make(key="sandbox-key"):
        credentials = Credentials(f"{sandbox.url}/standard/api/v2", key)
        return StandardAdapter(credentials, http, Timeouts(write_seconds=2, read_seconds=10))

    return make


def order_for(word, key="k1", **changes):
    values = {"service": "2", "type": "default", "link": f"https://example.com/p/{word}", "quantity": 100}
    return OutboundOrder(**{**values, "fields": {}, "idempotency_key": key, **changes})


def trouble(call, *args):
    with pytest.raises(AdapterError) as caught:
        call(*args)
    return type(caught.value)


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
def test_a_fate_on_add_ends_in_its_class(sandbox, connect, word, kind, made):
    assert trouble(connect().place, order_for(word)) is kind
    assert (len(sandbox.orders()), sandbox.counters()["adds_received"]) == (made, 1)


@pytest.mark.parametrize("word", ["plain", "stringid"])
def test_an_order_is_placed_once_for_one_idempotency_key(sandbox, connect, word):
    first, again, other = (connect().place(order_for(word, key)).upstream_id for key in ("k1", "k1", "k2"))
    assert (first == again, first == other) == (True, False)
    assert [str(order["order"]) for order in sandbox.orders()] == [first, other]


def test_every_service_of_the_list_can_be_ordered_by_its_type(sandbox, connect):
    adapter = connect()
    services = adapter.services()
    for service in services:
        kind = name_type(service.type)
        quantity = max(service.min, 1)
        adapter.place(
            order_for("plain", service.id, service=service.id, type=kind, quantity=quantity, fields=FIELDS)
        )
    assert len(sandbox.orders()) == len(services) == 25


@pytest.mark.parametrize(
    ("word", "status", "remains"),
    [
        ("plain", Status.COMPLETED, 0),
        ("partial", Status.PARTIAL, 40),
        ("cancel", Status.CANCELED, 100),
        ("nullremains", Status.PARTIAL, None),
        ("stuck", Status.PENDING, 100),
    ],
)
def test_a_status_is_read_alone_and_among_many(connect, word, status, remains):
    adapter = connect()
    upstream_id = adapter.place(order_for(word)).upstream_id
    alone = adapter.statuses([upstream_id])[upstream_id]
    among = adapter.statuses([upstream_id, "999999"])
    assert (alone.status, alone.remains) == (status, remains)
    assert (among[upstream_id], among["999999"].error) == (alone, "Incorrect order ID")


def test_remains_below_zero_are_told_as_they_are(connect):
    adapter = connect()
    upstream_id = adapter.place(order_for("negative")).upstream_id
    told = adapter.statuses([upstream_id])[upstream_id]
    assert (told.status, told.remains < 0) == (Status.COMPLETED, True)


def test_a_hundred_orders_are_one_status_call(sandbox, connect):
    adapter = connect()
    ids = [adapter.place(order_for("plain", str(number))).upstream_id for number in range(100)]
    told = adapter.statuses(ids)
    assert (list(told) == ids, {row.status for row in told.values()}) == (True, {Status.COMPLETED})
    assert sandbox.counters()["status_calls"] == 1


def test_cancel_is_taken_or_refused_for_each_order(sandbox, connect):
    sandbox.change_speeds(pace=60.0)
    adapter = connect()
    ids = [adapter.place(order_for(word, word)).upstream_id for word in ("plain", "uncancelable")]
    results = adapter.cancel([*ids, "999999"])
    assert [results[key].accepted for key in (*ids, "999999")] == [True, False, False]


def test_a_foreign_key_reads_nothing_and_is_told_apart(connect):
    adapter = connect("foreign")
    for call in (
        (adapter.services,),
        (adapter.balance,),
        (adapter.statuses, ["1"]),
        (adapter.statuses, ["1", "2"]),
    ):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.account_problem is True


def test_the_balance_goes_down_by_the_charge(connect):
    adapter = connect()
    before = adapter.balance()
    upstream_id = adapter.place(order_for("plain")).upstream_id
    charge = adapter.statuses([upstream_id])[upstream_id].charge
    assert before.amount - adapter.balance().amount == charge
