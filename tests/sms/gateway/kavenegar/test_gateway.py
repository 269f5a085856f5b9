"""Kavenegar's methods where they are its own: forms, entries by their receptor, costs in rial."""

import json
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from sms.gateway import DeliveryState, GatewayError, NotSent, ServerError, Taken, Unclear
from sms.gateway.errors import SendingRefused
from sms.gateway.kavenegar import KavenegarGateway
from tests.panel.lib.raw_server import RawServer, http_answer

FIRST, SECOND = "09120000001", "09120000002"


def entries(rows):
    """The raw answer that holds these entries."""
    return http_answer(json.dumps({"return": {"status": 200, "message": "تایید شد"}, "entries": rows}))


def ask(client, play, call):
    """(what `call(gateway)` gives back or the error it raises, the one request it made)."""
    with RawServer(play) as server:
        try:
            told = call(KavenegarGateway(server.url, client, key="a-key", total_seconds=5))
        except GatewayError as error:
            told = error
    [request] = server.requests
    return told, request


def send(gateway):
    return gateway.send("3000", [FIRST, SECOND], "سلام")


def row(receptor, number, cost=120):
    return {"messageid": number, "receptor": receptor, "status": 1, "cost": cost}


def test_a_form_is_posted_with_the_key_in_the_path(client):
    taken, request = ask(client, entries([row(FIRST, 11), row(SECOND, 12)]), send)
    assert taken == (Taken("11", None, Decimal(12)), Taken("12", None, Decimal(12)))
    assert (request.method, request.target) == ("POST", "/v1/a-key/sms/send.json")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode())) == {
        "sender": "3000",
        "receptor": f"{FIRST},{SECOND}",
        "message": "سلام",
        "type": "1",
    }


def test_without_a_sender_the_gateway_chooses_one(client):
    _taken, request = ask(
        client, entries([row(FIRST, 11)]), lambda gateway: gateway.send("", [FIRST], "سلام")
    )
    assert "sender" not in dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def test_entries_are_told_apart_by_their_receptor(client):
    taken, _request = ask(client, entries([row("00989120000002", 12), row("989120000001", 11)]), send)
    assert [each.id for each in taken] == ["11", "12"]


def test_a_number_named_twice_has_two_entries(client):
    taken, _request = ask(
        client,
        entries([row(FIRST, 11), row(FIRST, 12)]),
        lambda gateway: gateway.send_array(["3000"] * 2, [FIRST] * 2, ["a", "b"], [False] * 2),
    )
    assert [each.id for each in taken] == ["11", "12"]


@pytest.mark.parametrize(
    "rows",
    [
        [row(FIRST, 11), row("09129999999", 12)],
        [row(FIRST, 11), row(FIRST, 12)],
        [row(FIRST, 11)],
        [row(FIRST, 11), row(SECOND, 12), row(SECOND, 13)],
        [row(FIRST, 11), {"messageid": 12}],
        [row(FIRST, 11), row(SECOND, 0)],
        [row(FIRST, 11), row(SECOND, None)],
    ],
)
def test_entries_that_do_not_fit_the_receptors_are_unclear(client, rows):
    assert type(ask(client, entries(rows), send)[0]) is Unclear


@pytest.mark.parametrize(
    ("cost", "toman"),
    [(0, Decimal(0)), ("125", Decimal("12.5")), (None, None), ("", None), (-10, None), (True, None)],
)
def test_a_cost_is_told_in_toman_or_not_at_all(client, cost, toman):
    rows = [row(FIRST, 11, cost), row(SECOND, 12)]
    assert ask(client, entries(rows), send)[0][0] == Taken("11", None, toman)


def test_a_template_answers_one_entry_with_or_without_a_list(client):
    for rows in (row(FIRST, 11), [row(FIRST, 11)]):
        taken, request = ask(
            client, entries(rows), lambda gateway: gateway.lookup(FIRST, "login", {"token": "12345"})
        )
        assert taken == Taken("11", None, Decimal(12))
    form = {"receptor": FIRST, "template": "login", "token": "12345"}
    assert (request.target, dict(parse_qsl(request.body.decode()))) == ("/v1/a-key/verify/lookup.json", form)


def test_states_are_asked_in_one_call_and_told_by_id(client):
    rows = [
        {"messageid": "12", "status": 11},
        {"messageid": 11, "status": "10"},
        {"messageid": 99, "status": 10},
        {"messageid": 13, "status": 77},
    ]
    told, request = ask(client, entries(rows), lambda gateway: gateway.status(["11", "12", "13", "14"]))
    assert told == {"11": DeliveryState.DELIVERED, "12": DeliveryState.NOT_DELIVERED}
    assert (request.target, request.body) == ("/v1/a-key/sms/status.json", b"messageid=11%2C12%2C13%2C14")


@pytest.mark.parametrize("rows", [[], [{"messageid": 99, "status": 10}], [{"status": 10}]])
def test_states_of_other_messages_are_unclear(client, rows):
    assert type(ask(client, entries(rows), lambda gateway: gateway.status(["11"]))[0]) is Unclear


@pytest.mark.parametrize("rows", [[], {}, {"remaincredit": None}, {"remaincredit": "much"}])
def test_an_unreadable_credit_is_unclear_and_never_zero(client, rows):
    assert type(ask(client, entries(rows), lambda gateway: gateway.info())[0]) is Unclear


@pytest.mark.parametrize(
    ("status", "http_status", "kind"),
    [
        (418, "200 OK", SendingRefused),
        (418, "418 X", SendingRefused),
        (418, "400 Bad Request", SendingRefused),
        (418, "502 Bad Gateway", ServerError),
        (500, "500 X", ServerError),
        (200, "403 Forbidden", Unclear),
        (200, "429 Too Many Requests", NotSent),
        (498, "498 X", Unclear),
        (None, "200 OK", Unclear),
    ],
)
def test_the_status_in_the_answer_counts_unless_the_server_failed(client, status, http_status, kind):
    rows = [row(FIRST, 11), row(SECOND, 12)]
    body = json.dumps({"return": {"status": status, "message": "خطا"}, "entries": rows})
    assert type(ask(client, http_answer(body, http_status), send)[0]) is kind


def test_a_gateway_without_a_key_is_refused_at_once(client):
    with pytest.raises(ValueError, match="needs an API key"):
        KavenegarGateway("http://127.0.0.1", client, key="")
