"""The operations that send: each request is the document's, and each answer an id or an error."""

from datetime import UTC, datetime

import pytest

from sms.gateway import AccountError, GatewayError, SentMessage, ServerError, Unclear
from sms.gateway.codes import SendState, UserState
from sms.gateway.errors import SendingRefused, SendingUnclear
from sms.gateway.rest import Draft, Repetition, RepetitionUnit
from tests.panel.lib.raw_server import RawServer, reset
from tests.sms.gateway.rest.serving import ask, describe, failure, gateway_at, result

TAKEN = {"status": 0, "id": 77}
NUMBERS = ("09120000000", "09130000000")
DRAFTS = [Draft("3000", NUMBERS, "سلام"), Draft("3001", ("09140000000",), "درود", flash=True)]


def test_a_text_is_sent(client):
    sent, request = ask(client, TAKEN, lambda gateway: gateway.send("3000", NUMBERS, "سلام", flash=True))
    content = {"from": "3000", "recipients": list(NUMBERS), "message": "سلام", "type": 1}
    assert (sent, describe(request)) == (SentMessage("77"), ("POST", "sms/send", content))


@pytest.mark.parametrize(
    ("repetition", "unit", "times"),
    [(None, "", ""), (Repetition(RepetitionUnit.WEEK, 3), "week", "3")],
)
def test_a_text_is_sent_later_by_the_clock_of_tehran(client, repetition, unit, times):
    moment = datetime(2026, 3, 20, 20, 30, 5, tzinfo=UTC)
    sent, request = ask(
        client,
        TAKEN,
        lambda gateway: gateway.send_later("3000", NUMBERS, "سلام", moment, repetition=repetition),
    )
    content = {
        "from": "3000",
        "recipients": list(NUMBERS),
        "message": "سلام",
        "sendDate": "2026-03-21 00:00:05",
        "prtrys": unit,
        "sentPeriod": times,
    }
    assert (sent, describe(request)) == (SentMessage("77"), ("POST", "sms/future-send", content))


def test_a_pattern_is_sent_with_its_values_as_texts(client):
    sent, request = ask(
        client,
        TAKEN,
        lambda gateway: gateway.send_pattern("3000", NUMBERS, "12", {"code": "01234", "minutes": 2}),
    )
    content = {
        "from": "3000",
        "recipients": list(NUMBERS),
        "message": {"code": "01234", "minutes": "2"},
        "patternId": 12,
        "type": 0,
    }
    assert (sent, describe(request)) == (SentMessage("77"), ("POST", "sms/pattern-send", content))


@pytest.mark.parametrize(("book_id", "written"), [("9", 9), (9, 9), ("b-9", "b-9")])
def test_a_text_is_sent_to_a_phonebook(client, book_id, written):
    sent, request = ask(
        client,
        TAKEN,
        lambda gateway: gateway.send_to_phonebook("3000", book_id, "سلام", recipients=NUMBERS[:1]),
    )
    content = {
        "from": "3000",
        "recipients": ["09120000000"],
        "bookId": written,
        "message": "سلام",
        "type": 0,
    }
    assert (sent, describe(request)) == (SentMessage("77"), ("POST", "sms/phonebook-send", content))


def test_different_texts_go_in_one_call(client):
    told = [{"status": 0, "id": 77}, {"status": 0, "id": "78"}]
    sent, request = ask(client, told, lambda gateway: gateway.send_many(DRAFTS))
    content = {
        "fromArray": ["3000", "3001"],
        "recipients": [list(NUMBERS), ["09140000000"]],
        "messageArray": ["سلام", "درود"],
        "typeArray": [0, 1],
    }
    assert sent == [SentMessage("77"), SentMessage("78")]
    assert describe(request) == ("POST", "sms/multiple-send", content)


def test_each_of_different_texts_has_its_own_outcome(client):
    rows = [
        {"status": 0, "id": 77},
        {"status": 22, "id": 0},
        {"status": 3, "id": 0},
        {"status": 27, "id": 0},
        {"status": 1000, "id": 0},
        {"status": 0, "id": 0},
        {"status": 99, "id": 5},
        {"id": 5},
        None,
        7,
    ]
    drafts = [Draft("3000", ("09120000000",), f"{number}") for number in range(len(rows))]
    sent, _request = ask(client, rows, lambda gateway: gateway.send_many(drafts))
    assert sent[0] == SentMessage("77")
    assert [(type(outcome), outcome.code) for outcome in sent[1:]] == [
        (SendingRefused, SendState.NO_CREDIT),
        (AccountError, UserState.LOCKED),
        (SendingUnclear, SendState.OPERATOR_ERROR),
        (ServerError, 1000),
        (Unclear, None),
        (Unclear, None),
        (Unclear, None),
        (Unclear, None),
        (Unclear, None),
    ]


@pytest.mark.parametrize(
    "told",
    [
        [],
        [{"status": 0, "id": 77}],
        [{"status": 0, "id": 77}] * 3,
        None,
        0,
        {"status": 0, "id": 77},
    ],
)
def test_outcomes_that_do_not_fit_the_texts_are_unclear(client, told):
    assert type(failure(client, result(told), lambda gateway: gateway.send_many(DRAFTS))) is Unclear


@pytest.mark.parametrize(("code", "kind"), [(28, SendingRefused), (3, AccountError), (27, SendingUnclear)])
def test_a_code_for_the_whole_call_is_raised(client, code, kind):
    error = failure(client, result({"status": code}), lambda gateway: gateway.send_many(DRAFTS))
    assert (type(error), error.code) == (kind, code)


def test_no_texts_make_no_call(client):
    with RawServer(reset) as server:
        assert gateway_at(server.url, client).send_many([]) == []
    assert server.connections == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda gateway: gateway.send_later("3000", NUMBERS, "سلام", datetime(2026, 1, 1, tzinfo=UTC)),
        lambda gateway: gateway.send_pattern("3000", NUMBERS, 12, {}),
        lambda gateway: gateway.send_to_phonebook("3000", 9, "سلام"),
    ],
)
def test_each_way_of_sending_raises_the_code_and_never_guesses(client, call):
    refused = failure(client, result({"status": 26, "id": 0}), call)
    nameless = failure(client, result({"status": 0}), call)
    assert isinstance(refused, GatewayError)
    assert (type(refused), refused.code) == (SendingRefused, SendState.WRONG_TIME)
    assert (type(nameless), nameless.reason) == (Unclear, "the answer names no message")
