"""The gateway client against the sandbox over real HTTP: every magic number ends in its class."""

import pytest

from panel.lib.http import HttpClient
from providers.sandbox.server import SandboxServer
from sms.gateway import AccountError, DeliveryState, GatewayError, RestGateway, ServerError, Unclear
from sms.gateway.errors import SendingRefused, SendingUnclear


@pytest.fixture
def sandbox():
    with SandboxServer(port=0, pace=0) as server:
        yield server


@pytest.fixture
def connect(sandbox):
    client = HttpClient(["127.0.0.0/8"])

    def make(**credentials):
        credentials = credentials or {"token": "sandbox-sms-token"}
        return RestGateway(f"{sandbox.url}/sms/api/v1/rest", client, total_seconds=2, **credentials)

    yield make
    client.close()


@pytest.mark.parametrize(
    ("ending", "kind", "stored"),
    [
        ("0021", SendingRefused, 0),
        ("0022", SendingRefused, 0),
        ("0023", SendingRefused, 0),
        ("0027", SendingUnclear, 0),
        ("0500", ServerError, 0),
        ("0408", Unclear, 1),
        ("0999", Unclear, 1),
    ],
)
def test_a_magic_number_ends_in_its_class(sandbox, connect, ending, kind, stored):
    with pytest.raises(GatewayError) as caught:
        connect().send("3000", [f"0912000{ending}"], "سلام")
    assert (type(caught.value), len(sandbox.messages())) == (kind, stored)


def test_an_empty_text_and_no_recipient_are_refused_by_code(connect):
    codes = []
    for recipients, text in ((["09120000001"], ""), ([], "سلام")):
        with pytest.raises(SendingRefused) as caught:
            connect().send("3000", recipients, text)
        codes.append(int(caught.value.code))
    assert codes == [24, 25]


@pytest.mark.parametrize("credentials", [{}, {"username": "sandbox", "password": "sandbox"}])
def test_a_message_arrives_and_is_followed(sandbox, connect, credentials):
    gateway = connect(**credentials)
    sent = [gateway.send("3000", [f"0912000{ending}"], "سلام").id for ending in ("1111", "0005", "0006")]
    assert [message["message"] for message in sandbox.messages()] == ["سلام"] * 3
    assert gateway.status([*sent, "999999"]) == {
        sent[0]: DeliveryState.DELIVERED,
        sent[1]: DeliveryState.NOT_DELIVERED,
        sent[2]: DeliveryState.RETURNED,
        "999999": DeliveryState.INVALID,
    }
    assert gateway.credit().value > 0


def test_wrong_credentials_are_an_account_error_and_send_nothing(sandbox, connect):
    with pytest.raises(AccountError):
        connect(token="wrong").send("3000", ["09120000001"], "سلام")
    assert sandbox.messages() == []
