"""Refills in the standard dialect: what is sent, and every shape in which panels answer."""

import json
from urllib.parse import parse_qsl

import pytest

from providers.adapters.base import (
    AccountProblem,
    AdapterError,
    Credentials,
    RefillResult,
    RefillStatus,
    Unavailable,
    Unclear,
    UpstreamRefill,
)
from providers.adapters.standard import StandardAdapter
from tests.panel.lib.raw_server import RawServer, http_answer

KEY = "topsecretkey0123"


@pytest.fixture
def upstream(http):
    """upstream(*values, status=…) starts a server that answers these JSON values; gives (adapter, server)."""
    servers = []

    def start(*values, status="200 OK"):
        server = RawServer(*[http_answer(json.dumps(value), status) for value in values]).__enter__()
        servers.append(server)
        return StandardAdapter(Credentials(f"{server.url}/api/v2", KEY), http), server

    yield start
    for server in servers:
        server.__exit__()


def forms(server):
    return [dict(parse_qsl(request.body.decode())) for request in server.requests]


def trouble(call, *args):
    with pytest.raises(AdapterError) as caught:
        call(*args)
    return type(caught.value), caught.value.reason


@pytest.mark.parametrize(
    ("answer", "accepted", "refill_id", "error"),
    [
        ({"refill": "1"}, True, "1", None),
        ({"refill": 17}, True, "17", None),
        ({"refill": "1", "error": None}, True, "1", None),
        ({"refill": True}, True, None, None),
        ([{"order": 9, "refill": 3}], True, "3", None),
        ({"9": {"refill": 3}}, True, "3", None),
        (
            {"error": "Refill is disabled for this service"},
            False,
            None,
            "Refill is disabled for this service",
        ),
        ({"refill": {"error": "Incorrect order ID"}}, False, None, "Incorrect order ID"),
        ({"refill": 5, "error": "Too early"}, False, None, "Too early"),
        ({"refill": 0}, False, None, None),
    ],
)
def test_a_refill_of_one_is_asked_and_read_alone(upstream, answer, accepted, refill_id, error):
    adapter, server = upstream(answer)
    assert adapter.refill(["9"]) == {"9": RefillResult("9", accepted, refill_id, error)}
    assert forms(server) == [{"key": KEY, "action": "refill", "order": "9"}]


def test_a_refill_of_many_is_one_call_and_each_order_has_its_own_answer(upstream):
    adapter, server = upstream(
        [
            {"order": 1, "refill": 11},
            {"order": "2", "refill": {"error": "Incorrect order ID"}},
            {"order": 3, "error": "Too early"},
            {"order": 4, "refill": None},
        ]
    )
    assert adapter.refill(["1", "2", "3", "4"]) == {
        "1": RefillResult("1", True, "11", None),
        "2": RefillResult("2", False, None, "Incorrect order ID"),
        "3": RefillResult("3", False, None, "Too early"),
    }
    assert forms(server) == [{"key": KEY, "action": "refill", "orders": "1,2,3,4"}]


def test_a_panel_that_knows_only_single_refills_is_asked_one_by_one(upstream):
    adapter, server = upstream({"error": "Incorrect request"}, {"refill": "11"}, {"error": "Too early"})
    assert adapter.refill(["1", "2"]) == {
        "1": RefillResult("1", True, "11", None),
        "2": RefillResult("2", False, None, "Too early"),
    }
    assert [form.get("order") for form in forms(server)] == [None, "1", "2"]


def test_refilling_one_by_one_stops_at_the_first_trouble_and_keeps_what_was_told(upstream):
    adapter, server = upstream({"error": "Incorrect request"}, {"refill": "11"}, {"error": "Invalid API key"})
    assert set(adapter.refill(["1", "2", "3"])) == {"1"}
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        ("200 OK", {"error": "Invalid API key"}, (AccountProblem, "Invalid API key")),
        ("429 Too Many Requests", {"error": "slow"}, (Unavailable, "too many calls (HTTP 429)")),
        ("500 Internal Server Error", {"error": "oops"}, (Unclear, "HTTP 500")),
        ("500 Internal Server Error", {"refill": "1"}, (Unclear, "HTTP 500")),
        ("200 OK", {"ok": 1}, (Unclear, "the answer tells of none of these orders")),
    ],
)
def test_a_refill_without_an_answer_ends_in_its_class_and_is_sent_once(upstream, status, answer, outcome):
    for ids in (["1"], ["1", "2"]):
        adapter, server = upstream(answer, status=status)
        assert trouble(adapter.refill, ids) == outcome
        assert len(server.requests) == 1


def test_a_success_for_nobody_in_particular_is_unclear_among_many(upstream):
    adapter, _server = upstream({"refill": "11"})
    assert trouble(adapter.refill, ["1", "2"]) == (Unclear, "the answer tells of none of these orders")


@pytest.mark.parametrize(
    ("answer", "status", "word", "error"),
    [
        ({"status": "Completed"}, RefillStatus.COMPLETED, "Completed", None),
        ({"status": "In Progress"}, RefillStatus.IN_PROGRESS, "In Progress", None),
        ({"status": "pending"}, RefillStatus.PENDING, "pending", None),
        ({"status": "Rejected"}, RefillStatus.REJECTED, "Rejected", None),
        ({"status": "Error"}, RefillStatus.ERROR, "Error", None),
        ({"status": "Teleported"}, None, "Teleported", None),
        ([{"refill": "5", "status": "Completed"}], RefillStatus.COMPLETED, "Completed", None),
        ({"5": {"status": "Completed"}}, RefillStatus.COMPLETED, "Completed", None),
        ({"error": "Refill not found"}, None, "", "Refill not found"),
        ({"status": {"error": "Refill not found"}}, None, "", "Refill not found"),
    ],
)
def test_the_status_of_one_refill_is_asked_and_read_alone(upstream, answer, status, word, error):
    adapter, server = upstream(answer)
    assert adapter.refill_statuses(["5"]) == {"5": UpstreamRefill("5", status, word, error)}
    assert forms(server) == [{"key": KEY, "action": "refill_status", "refill": "5"}]


def test_the_status_of_many_refills_is_one_call(upstream):
    adapter, server = upstream(
        [
            {"refill": 1, "status": "Completed"},
            {"refill": "2", "status": {"error": "Refill not found"}},
            {"refill": 3, "status": None},
        ]
    )
    assert adapter.refill_statuses(["1", "2", "3", "4"]) == {
        "1": UpstreamRefill("1", RefillStatus.COMPLETED, "Completed", None),
        "2": UpstreamRefill("2", None, "", "Refill not found"),
    }
    assert forms(server) == [{"key": KEY, "action": "refill_status", "refills": "1,2,3,4"}]


@pytest.mark.parametrize("first", [{"error": "Incorrect request"}, {"status": "Pending"}])
def test_a_panel_that_knows_only_single_refill_statuses_is_asked_one_by_one(upstream, first):
    adapter, server = upstream(first, {"status": "Completed"}, {"error": "Refill not found"})
    told = adapter.refill_statuses(["1", "2"])
    assert {key: (row.status, row.error) for key, row in told.items()} == {
        "1": (RefillStatus.COMPLETED, None),
        "2": (None, "Refill not found"),
    }
    assert [form.get("refill") for form in forms(server)] == [None, "1", "2"]


def test_a_refused_key_is_not_asked_one_by_one(upstream):
    for ids in (["1"], ["1", "2"]):
        adapter, server = upstream({"error": "Invalid API key"})
        with pytest.raises(Unavailable) as caught:
            adapter.refill_statuses(ids)
        assert (caught.value.account_problem, len(server.requests)) == (True, 1)
