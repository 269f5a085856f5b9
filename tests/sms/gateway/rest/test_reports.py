"""What is told of sent messages."""

import pytest

from sms.gateway import DeliveryState, ReportError, Unclear
from sms.gateway.codes import ReportState
from sms.gateway.rest import LatestMessage
from tests.panel.lib.raw_server import RawServer, reset
from tests.sms.gateway.rest.serving import ask, describe, failure, gateway_at, result

DETAILS = {
    "id": 77,
    "message": "سلام\nخوبی؟",
    "recipients": ["09120000000", 9130000000],
    "from": "3000",
    "state": 4,
    "now": "1405-01-01 00:10:00",
    "time": "1405-01-01 00:00:05",
}
LATEST = LatestMessage(
    id="77",
    text="سلام\nخوبی؟",
    recipients=("09120000000", "9130000000"),
    from_number="3000",
    state=DeliveryState.DELIVERED,
    time="1405-01-01 00:00:05",
    now="1405-01-01 00:10:00",
)


def latest(gateway):
    return gateway.latest()


def test_delivery_is_asked_in_body_and_query_and_told_in_the_order_asked(client):
    told, request = ask(
        client,
        {"status": 0, "result": [4, "0", 14, 77, None]},
        lambda gateway: gateway.status(["11", 12, "13", "14", "a-15"]),
    )
    query = "idArray=11&idArray=12&idArray=13&idArray=14&idArray=a-15"
    assert told == {
        "11": DeliveryState.DELIVERED,
        "12": DeliveryState.UNREPORTED,
        "13": DeliveryState.INVALID,
    }
    assert describe(request) == ("GET", f"sms/status?{query}", {"idArray": [11, 12, 13, 14, "a-15"]})


def test_every_delivery_state_is_told(client):
    ids = [str(number) for number in range(1, 1 + len(DeliveryState))]
    numbers = [int(state) for state in DeliveryState]
    told, _request = ask(client, {"status": 0, "result": numbers}, lambda gateway: gateway.status(ids))
    assert told == dict(zip(ids, DeliveryState, strict=True))


def test_no_messages_make_no_call(client):
    with RawServer(reset) as server:
        assert gateway_at(server.url, client).status([]) == {}
    assert server.connections == 0


@pytest.mark.parametrize("states", [[4], [4, 4, 4], None, {"1": 4}, 4])
def test_states_that_do_not_fit_the_question_are_unclear(client, states):
    error = failure(client, result({"status": 0, "result": states}), lambda gateway: gateway.status([1, 2]))
    assert type(error) is Unclear


@pytest.mark.parametrize("call", [latest, lambda gateway: gateway.status([1])])
def test_a_report_code_raises_its_family(client, call):
    error = failure(client, result({"status": 31}), call)
    assert (type(error), error.code) == (ReportError, ReportState.NO_REPORT)


def test_the_latest_message_is_told(client):
    told, request = ask(client, {"status": 0, "details": DETAILS}, latest)
    assert (told, describe(request)) == (LATEST, ("GET", "sms/latest", None))


def test_a_state_of_no_table_is_no_state(client):
    told, _request = ask(client, {"status": 0, "details": {**DETAILS, "state": 77}}, latest)
    assert told.state is None


@pytest.mark.parametrize(
    "details", [None, [], {}, {**DETAILS, "id": 0}, {**DETAILS, "recipients": "09120000000"}]
)
def test_details_that_tell_of_no_message_are_unclear(client, details):
    assert type(failure(client, result({"status": 0, "details": details}), latest)) is Unclear
