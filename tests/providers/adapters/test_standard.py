"""The standard dialect's own wire: what is sent, and every shape in which panels answer it."""

import json
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from providers.adapters.base import (
    AccountProblem,
    AdapterError,
    Balance,
    CancelResult,
    Credentials,
    OutboundOrder,
    Placed,
    Rejected,
    Status,
    Unavailable,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.standard import StandardAdapter
from tests.panel.lib.raw_server import RawServer, http_answer

KEY = "topsecretkey0123"
ORDER = OutboundOrder("7", "default", "https://example.com/پ?a=1&b=2", 100, {}, "order-1-1")


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


def test_an_order_goes_out_as_a_form_with_its_idempotency_key(upstream):
    adapter, server = upstream({"order": 23501, "charge": "0.5"})
    assert adapter.place(ORDER) == Placed("23501", Decimal("0.5"), '{"order": 23501, "charge": "0.5"}')
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/api/v2")
    assert request.headers["idempotency-key"] == "order-1-1"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert forms(server) == [
        {
            "key": KEY,
            "action": "add",
            "service": "7",
            "link": "https://example.com/پ?a=1&b=2",
            "quantity": "100",
        }
    ]


@pytest.mark.parametrize(
    ("answer", "upstream_id"),
    [
        ({"order": 23501}, "23501"),
        ({"order": "23501"}, "23501"),
        ({"order": "a1-b2"}, "a1-b2"),
        ({"order": 5, "error": None}, "5"),
        ({"order": 5, "error": ""}, "5"),
        ({"order": 5, "error": False, "status": "success"}, "5"),
    ],
)
def test_ids_are_read_from_numbers_and_texts(upstream, answer, upstream_id):
    adapter, _server = upstream(answer)
    assert adapter.place(ORDER).upstream_id == upstream_id


@pytest.mark.parametrize(
    "value", [0, "0", "", None, True, False, -1, 1.5, [], [5], {}, {"id": 5}, "null", "a b1"]
)
def test_what_is_no_id_is_unclear(upstream, value):
    adapter, _server = upstream({"order": value})
    assert trouble(adapter.place, ORDER) == (Unclear, "the answer names no order")


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        ("neworder.error.link_duplicate", Rejected, "neworder.error.link_duplicate"),
        ("anything at all", Rejected, "anything at all"),
        ("", Rejected, "refused without a reason"),
        (True, Rejected, "refused without a reason"),
        ({"message": "Bad link"}, Rejected, "Bad link"),
        (["Bad link"], Rejected, "['Bad link']"),
        ("neworder.error.not_enough_funds", AccountProblem, "neworder.error.not_enough_funds"),
        ("Invalid API key", AccountProblem, "Invalid API key"),
    ],
)
def test_an_error_refuses_whatever_its_text(upstream, error, kind, reason):
    adapter, _server = upstream({"error": error})
    assert trouble(adapter.place, ORDER) == (kind, reason)


@pytest.mark.parametrize("error", [None, False, 0, [], {}])
def test_an_error_that_says_no_error_and_no_order_is_unclear(upstream, error):
    adapter, _server = upstream({"error": error})
    assert trouble(adapter.place, ORDER) == (Unclear, "the answer names no order")


def test_an_order_beside_an_error_is_unclear(upstream):
    adapter, _server = upstream({"order": 5, "error": "Not enough funds"})
    assert trouble(adapter.place, ORDER) == (Unclear, "an order beside an error (HTTP 200)")


def test_http_401_with_an_error_is_an_account_problem(upstream):
    adapter, _server = upstream({"error": "no"}, status="401 Unauthorized")
    assert trouble(adapter.place, ORDER) == (AccountProblem, "no")


def test_an_order_that_lacks_a_field_of_its_type_is_rejected_without_a_call(upstream):
    adapter, server = upstream({"order": 1})
    order = OutboundOrder("7", "poll", "https://example.com", 5, {}, "k")
    assert trouble(adapter.place, order) == (Rejected, "the order has no answer_number")
    assert server.requests == []


def test_the_status_of_one_is_asked_and_read_alone(upstream):
    adapter, server = upstream(
        {"charge": "0.27819", "start_count": "3572", "status": "Partial", "remains": "157", "currency": "IRT"}
    )
    assert adapter.statuses(["9"]) == {
        "9": UpstreamStatus("9", Status.PARTIAL, "Partial", 3572, 157, Decimal("0.27819"), "IRT", None)
    }
    assert forms(server) == [{"key": KEY, "action": "status", "order": "9"}]


def test_the_status_of_many_is_one_call_and_each_order_has_its_own_answer(upstream):
    adapter, server = upstream(
        {
            "1": {"charge": 1.5, "start_count": 0, "status": "in progress", "remains": -3, "currency": "USD"},
            "2": {"error": "Incorrect order ID"},
            "3": {"charge": None, "start_count": "", "status": "Cancelled", "remains": None},
            "4": "Incorrect order ID",
            "6": {"status": "Completed"},
        }
    )
    assert adapter.statuses(["1", "2", "3", "4", "5"]) == {
        "1": UpstreamStatus("1", Status.IN_PROGRESS, "in progress", 0, -3, Decimal("1.5"), "USD", None),
        "2": UpstreamStatus("2", None, "", None, None, None, None, "Incorrect order ID"),
        "3": UpstreamStatus("3", Status.CANCELED, "Cancelled", None, None, None, None, None),
        "4": UpstreamStatus("4", None, "", None, None, None, None, "Incorrect order ID"),
    }
    assert forms(server) == [{"key": KEY, "action": "status", "orders": "1,2,3,4,5"}]


def test_a_list_of_statuses_is_read_by_the_order_each_row_names(upstream):
    adapter, _server = upstream(
        [{"order": 2, "status": "Completed"}, {"order": "1", "status": "Pending"}, {"status": "Partial"}, 7]
    )
    told = adapter.statuses(["1", "2"])
    assert {key: row.status for key, row in told.items()} == {"1": Status.PENDING, "2": Status.COMPLETED}


def test_one_order_answered_in_the_shape_for_many_is_read(upstream):
    adapter, _server = upstream({"9": {"status": "Completed", "error": ""}})
    assert adapter.statuses(["9"])["9"].status is Status.COMPLETED


@pytest.mark.parametrize("first", [{"error": "Incorrect request"}, {"status": "Pending", "remains": "0"}])
def test_a_panel_that_knows_only_single_calls_is_asked_one_by_one(upstream, first):
    adapter, server = upstream(first, {"status": "Completed"}, {"error": "Incorrect order ID"})
    told = adapter.statuses(["1", "2"])
    assert {key: (row.status, row.error) for key, row in told.items()} == {
        "1": (Status.COMPLETED, None),
        "2": (None, "Incorrect order ID"),
    }
    assert [form.get("order") for form in forms(server)] == [None, "1", "2"]


def test_asking_one_by_one_stops_at_the_first_trouble_and_keeps_what_was_told(upstream):
    adapter, server = upstream({"error": "Incorrect request"}, {"status": "Completed"}, [])
    assert set(adapter.statuses(["1", "2", "3"])) == {"1"}
    assert len(server.requests) == 3


def test_a_refused_key_is_not_asked_one_by_one(upstream):
    adapter, server = upstream({"error": "Invalid API key"})
    assert trouble(adapter.statuses, ["1", "2"]) == (Unavailable, "Invalid API key")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("IN PROGRESS", Status.IN_PROGRESS),
        ("In_Progress", Status.IN_PROGRESS),
        ("Inprogress", Status.IN_PROGRESS),
    ]
    + [("Refunded", Status.CANCELED), (" completed ", Status.COMPLETED), ("", None), (None, None), (3, None)],
)
def test_status_words_are_compared_without_case_and_spelling(upstream, word, status):
    adapter, _server = upstream({"status": word})
    assert adapter.statuses(["9"])["9"].status is status


@pytest.mark.parametrize("remains", [None, "", "many", "1.5", True, [], "NaN"])
def test_unreadable_remains_are_none_and_never_zero(upstream, remains):
    adapter, _server = upstream({"status": "Partial", "remains": remains, "charge": remains})
    assert adapter.statuses(["9"])["9"].remains is None


def test_cancel_answers_are_read_for_each_order(upstream):
    adapter, server = upstream(
        [
            {"order": 9, "cancel": {"error": "Incorrect order ID"}},
            {"order": "2", "cancel": 1},
            {"order": 3, "cancel": "1"},
            {"order": 4, "cancel": 0},
            {"order": 5, "error": "Too late"},
            {"order": 6, "cancel": None},
        ]
    )
    assert adapter.cancel(["9", "2", "3", "4", "5", "6"]) == {
        "9": CancelResult("9", False, "Incorrect order ID"),
        "2": CancelResult("2", True, None),
        "3": CancelResult("3", True, None),
        "4": CancelResult("4", False, None),
        "5": CancelResult("5", False, "Too late"),
    }
    assert forms(server) == [{"key": KEY, "action": "cancel", "orders": "9,2,3,4,5,6"}]


@pytest.mark.parametrize(
    "answer", [{"cancel": 1}, {"order": 9, "cancel": True}, {"9": {"cancel": "1"}}, {"9": 1}]
)
def test_a_cancel_of_one_is_read_in_other_shapes(upstream, answer):
    adapter, _server = upstream(answer)
    assert adapter.cancel(["9"]) == {"9": CancelResult("9", True, None)}


def test_a_panel_without_cancel_rejects_it(upstream):
    adapter, _server = upstream({"error": "Incorrect request"})
    assert trouble(adapter.cancel, ["9"]) == (Rejected, "Incorrect request")


def test_services_are_read_from_numbers_texts_and_flags(upstream):
    adapter, _server = upstream(
        [
            {
                "service": 1,
                "name": "پسند\u0000 ",
                "type": "Custom Comments",
                "category": "A",
                "rate": "0.000001",
                "min": "50",
                "max": 10000,
                "refill": True,
                "cancel": "1",
                "dripfeed": 0,
                "desc": "x",
            },
            {"service": "s-2", "name": 5, "rate": "free", "min": None, "max": ""},
            {"name": "no id"},
            "noise",
        ]
    )
    assert adapter.services() == [
        UpstreamService(
            "1", "پسند", "Custom Comments", "A", Decimal("0.000001"), 50, 10000, True, True, False, "x"
        ),
        UpstreamService("s-2", "5", "", "", None, None, None, False, False, False, ""),
    ]


def test_services_keyed_by_place_are_read_as_a_list(upstream):
    adapter, _server = upstream({"0": {"service": 1}, "2": {"service": 3}})
    assert [service.id for service in adapter.services()] == ["1", "3"]


def test_ten_thousand_services_with_six_decimals_are_read(upstream):
    adapter, _server = upstream(
        [{"service": n, "rate": f"{n}.000001", "desc": "x" * 200} for n in range(1, 10_001)]
    )
    services = adapter.services()
    assert (len(services), services[-1].rate) == (10_000, Decimal("10000.000001"))


@pytest.mark.parametrize("balance", ["100.84292", 100.84292])
def test_a_balance_is_exact(upstream, balance):
    adapter, _server = upstream({"balance": balance, "currency": "IRT"})
    assert adapter.balance() == Balance(Decimal("100.84292"), "IRT")


@pytest.mark.parametrize("balance", [None, "", "much", True, {}])
def test_an_unreadable_balance_is_unclear_and_never_zero(upstream, balance):
    adapter, _server = upstream({"balance": balance})
    assert trouble(adapter.balance) == (Unclear, "the answer names no balance")
