"""The happy_follower adapter against the sandbox over real HTTP: every fate ends in its class, none made twice."""

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
from providers.adapters.happy_follower import HappyFollowerAdapter


@pytest.fixture
def connect(sandbox, http):
    """connect(key) gives an adapter for the sandbox."""

    def make(key="sandbox-key"):
        credentials = Credentials(f"{sandbox.url}/happy_follower/api/v1", key)
        return HappyFollowerAdapter(credentials, http, Timeouts(2, 10))

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
    ("order", "status", "remains"),
    [
        (make_order("plain"), Status.COMPLETED, 0),
        (make_order("plain", "6", "package", None), Status.COMPLETED, 0),
        (make_order("partial"), Status.PARTIAL, 40),
        (make_order("cancel"), Status.CANCELED, 100),
        (make_order("stuck"), Status.PENDING, 100),
    ],
)
def test_an_end_is_read(connect, order, status, remains):
    adapter = connect()
    upstream_id = adapter.place(order).upstream_id
    told = adapter.statuses([upstream_id])[upstream_id]
    assert (told.status, told.remains) == (status, remains)


def test_tokens_that_end_all_the_time_stop_nobody(sandbox, connect):
    sandbox.change_speeds(token_seconds=0)
    adapter = connect()
    with pytest.raises(AccountProblem):
        adapter.place(make_order("plain"))
    sandbox.change_speeds(token_seconds=3600)
    assert adapter.place(make_order("plain")).upstream_id
    assert (len(sandbox.orders()), sandbox.counters()["auth_calls"]) == (1, 1)


def test_cancel_is_taken_or_refused(sandbox, connect):
    sandbox.change_speeds(pace=60.0)
    adapter = connect()
    told = []
    for word in ("plain", "uncancelable"):
        upstream_id = adapter.place(make_order(word)).upstream_id
        told.append(adapter.cancel([upstream_id])[upstream_id].accepted)
    assert (told, adapter.cancel(["999999"])["999999"].accepted) == ([True, False], False)


def test_a_recheck_is_taken_once_in_ten_minutes(connect):
    adapter = connect()
    upstream_id = adapter.place(make_order("plain")).upstream_id
    assert adapter.refill([upstream_id])[upstream_id].accepted is True
    with pytest.raises(Unavailable):
        adapter.refill([upstream_id])


def test_a_foreign_key_does_nothing_and_is_told_apart(connect):
    adapter = connect("foreign")
    with pytest.raises(AccountProblem):
        adapter.place(make_order("plain"))
    for call in ((adapter.services,), (adapter.balance,), (adapter.statuses, ["1"])):
        with pytest.raises(Unavailable) as caught:
            call[0](*call[1:])
        assert caught.value.account_problem is True


def test_what_is_on_offer_can_be_read_and_the_credit_goes_down(connect):
    adapter = connect()
    assert {service.id for service in adapter.services()} >= {"2", "3", "6"}
    before = adapter.balance().amount
    adapter.place(make_order("plain"))
    assert adapter.balance().amount < before
