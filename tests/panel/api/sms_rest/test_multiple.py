"""`sms/multiple-send`: each message has its own outcome, in a list as long as what was asked."""

import pytest

from panel.wallet.ledger import read_balance
from sms.models import Send
from sms.sends import send_text
from tests.panel.api.sms_rest.conftest import LINE, done

ARRAYS = ("fromArray", "recipients", "messageArray", "typeArray")


def pack(*rows):
    """The content that asks for these `(from, recipients, message, type)`."""
    return {name: list(values) for name, values in zip(ARRAYS, zip(*rows, strict=True), strict=True)}


def make_row(number="09121111111", message="hello", sender=LINE, kind=0):
    return sender, [number], message, kind


def all_refused(code, count):
    return done([{"status": code, "id": 0}] * count)


def test_each_has_its_id(caller, customer):
    answer = caller.post("sms/multiple-send", pack(make_row(), make_row(message="سلام", kind=1)))
    first, second = Send.objects.order_by("pk")
    assert answer == done([{"status": 0, "id": first.pk}, {"status": 0, "id": second.pk}])
    assert (first.text, first.flash, second.text, second.flash) == ("hello", False, "سلام", True)
    assert read_balance(customer.pk) == 985


def test_each_is_refused_alone(caller, customer):
    rows = [
        make_row(),
        make_row(sender="3000999"),
        make_row(message=""),
        make_row(number="0912"),
        make_row(kind=7),
        (LINE, [], "hello", 0),
        (LINE, "09121111111", "hello", 0),
        (LINE, ["09121111111"], {"a": 1}, 0),
        make_row(),
    ]
    status, body = caller.post("sms/multiple-send", pack(*rows))
    assert [row["status"] for row in body["result"]] == [0, 23, 24, 28, 28, 25, 28, 28, 0]
    assert [row["id"] for row in body["result"][1:-1]] == [0] * 7
    assert (status, Send.objects.count(), read_balance(customer.pk)) == (200, 2, 990)


def test_when_the_money_ends(caller, customer):
    rows = [make_row(message="س" * 67 * 15) for _ in range(8)]  # 150 toman each
    _, body = caller.post("sms/multiple-send", pack(*rows))
    assert [row["status"] for row in body["result"]] == [0] * 6 + [22] * 2
    assert read_balance(customer.pk) == 100


@pytest.mark.parametrize("short", ARRAYS)
def test_arrays_of_different_length(caller, rows, short):
    content = pack(make_row(), make_row(), make_row())
    content[short] = content[short][:2]
    before = rows()
    assert caller.post("sms/multiple-send", content) == all_refused(28, 3)
    assert rows() == before


@pytest.mark.parametrize("gone", ARRAYS[:3])
@pytest.mark.parametrize("value", [None, "x", {"a": 1}, 5])
def test_what_is_no_array(caller, rows, gone, value):
    before = rows()
    assert caller.post("sms/multiple-send", pack(make_row(), make_row()) | {gone: value}) == all_refused(
        28, 2
    )
    assert rows() == before


def test_types_may_be_left_out_as_elsewhere(caller):
    content = pack(make_row(), make_row())
    del content["typeArray"]
    assert [row["status"] for row in caller.post("sms/multiple-send", content)[1]["result"]] == [0, 0]


@pytest.mark.parametrize(("content", "code"), [({}, 28), ({name: [] for name in ARRAYS}, 25)])
def test_nothing_at_all(caller, content, code):
    assert caller.post("sms/multiple-send", content) == all_refused(code, 1)


def test_a_thousand_recipients_in_all(caller, rows):
    content = pack((LINE, ["09121111111"] * 600, "hello", 0), (LINE, ["09122222222"] * 401, "hello", 0))
    before = rows()
    assert caller.post("sms/multiple-send", content) == all_refused(21, 2)
    assert rows() == before


def test_an_answer_is_never_longer_than_a_call_may_be(caller):
    assert caller.post("sms/multiple-send", {"fromArray": [""] * 5_000}) == all_refused(28, 1_000)
    assert caller.post("sms/multiple-send", pack(*[make_row()] * 1_001)) == all_refused(21, 1_000)


def test_trouble_with_one_message_does_not_hide_that_others_are_sent(caller, monkeypatch):
    def send(customer_id, channel, request):
        if request.text == "trouble":
            raise ZeroDivisionError
        return send_text(customer_id, channel, request)

    monkeypatch.setattr("panel.api.sms_rest.sending.send_text", send)
    status, body = caller.post("sms/multiple-send", pack(make_row(), make_row(message="trouble"), make_row()))
    assert (status, [row["status"] for row in body["result"]]) == (200, [0, 2000, 0])
    assert Send.objects.count() == 2
