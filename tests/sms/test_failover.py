"""Several gateways: the next one takes over only what the one before surely did not send."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.engines.ports import pick_port
from panel.wallet.ledger import read_balance
from providers.sandbox.server import SandboxServer
from sms.delivery import poll_deliveries
from sms.models import Gateway, Message, Send, SenderLine
from sms.routes import load_routes
from sms.sending import send_messages
from sms.sends import send_text
from sms.signals import gateway_paused
from tests.factories import make_customer
from tests.sms.sends import LINE, PERSIAN_PRICE, ask, open_shop, states_of
from tests.sms.steps import make_all_due, queue

TOKEN = "sandbox-sms-token"


def open_gateway(url, name, **fields):
    values = {"kind": "rest", "token": TOKEN, "sender": "10009", "url": f"{url}/sms/api/v1/rest"}
    return Gateway.objects.create(name=name, **(values | fields))


@pytest.fixture
def pair(gateway):
    """Two sandboxes, the first asked first: `(server, its Gateway)` of each."""
    with SandboxServer(port=0, pace=0) as second:
        yield (
            (gateway, open_gateway(gateway.url, "first", priority=1)),
            (second, open_gateway(second.url, "second", priority=2, sender="20009")),
        )


def made(server):
    return server.counters()["messages_made"]


def test_the_first_one_sends_while_it_can(pair):
    (first, row), (second, _) = pair
    message = queue()
    send_messages()
    message.refresh_from_db()
    assert (message.state, message.via_id, made(first), made(second)) == ("sent", row.pk, 1, 0)
    assert first.messages()[0]["from"] == "10009"


def test_one_that_is_away_is_passed_over(pair):
    (first, row), (second, other) = pair
    Gateway.objects.filter(pk=row.pk).update(url=f"http://127.0.0.1:{pick_port(None)}")
    message = queue()
    send_messages()
    message.refresh_from_db()
    assert (message.state, message.via_id, message.tries, made(second)) == ("sent", other.pk, 1, 1)
    assert second.messages()[0]["from"] == "20009"


@pytest.mark.parametrize(
    ("ending", "state", "cost"), [("1111", "sent", 100), ("9023", "failed", None), ("9110", "unclear", None)]
)
def test_another_kind_of_gateway_takes_over_and_tells_its_cost(pair, ending, state, cost):
    (_, row), (second, other) = pair
    away = {"url": f"http://127.0.0.1:{pick_port(None)}"} if state != "failed" else {"active": False}
    Gateway.objects.filter(pk=row.pk).update(**away)
    Gateway.objects.filter(pk=other.pk).update(
        kind="kavenegar", url=f"{second.url}/kavenegar", token="sandbox-kavenegar-key"
    )
    message = queue(ending)
    send_messages()
    message.refresh_from_db()
    assert (message.state, message.cost, second.counters()["kavenegar_received"]) == (state, cost, 1)
    if state == "sent":
        make_all_due()
        poll_deliveries()
        assert Message.objects.get().state == "delivered"


@pytest.mark.parametrize("ending", ["0021", "0023"])
def test_a_refusal_asks_the_next_and_fails_when_all_refuse(pair, ending):
    message = queue(ending)
    send_messages()
    message.refresh_from_db()
    received = [server.counters()["sms_received"] for server, _ in pair]
    assert (message.state, message.tries, received) == ("failed", 1, [1, 1])


@pytest.mark.parametrize("ending", ["0500", "0408", "0999"])
def test_an_unclear_answer_is_left_to_a_person_and_no_other_gateway_is_asked(pair, ending):
    message = queue(ending)
    send_messages()
    make_all_due()
    send_messages()
    message.refresh_from_db()
    assert (message.state, pair[1][0].counters()["sms_received"]) == ("unclear", 0)


@pytest.mark.parametrize("change", [{"token": "wrong"}, {}])
def test_trouble_with_our_account_pauses_that_gateway_once_and_tells(pair, change):
    (_, row), (second, other) = pair
    heard = []
    gateway_paused.connect(lambda gateway, **_: heard.append(gateway.name), weak=False, dispatch_uid="test")
    for name, value in change.items():
        setattr(row, name, value)
    row.save()
    poor = "" if change else "0022"  # no credit, by the sandbox's wish
    message = queue(poor or "1111")
    if poor:
        Gateway.objects.filter(pk=other.pk).update(active=False)
    send_messages()
    gateway_paused.disconnect(dispatch_uid="test")
    row.refresh_from_db()
    message.refresh_from_db()
    assert (heard, row.paused_until > timezone.now(), row.pause_reason != "") == (["first"], True, True)
    assert (message.state, message.via_id) == (("queued", None) if poor else ("sent", other.pk))
    assert [route.gateway_id for route in load_routes()] == ([] if poor else [other.pk])


@pytest.mark.parametrize("fault", ["no credentials", "a lost key"])
def test_one_that_can_t_be_opened_keeps_no_other_from_sending(pair, fault):
    (_, row), (_, other) = pair
    with connection.cursor() as cursor:
        text = "" if fault == "no credentials" else "of another key"
        cursor.execute("UPDATE sms_gateway SET token = %s WHERE id = %s", [text, row.pk])
    message = queue()
    send_messages()
    make_all_due()
    poll_deliveries()
    message.refresh_from_db()
    assert (message.via_id, message.state) == (other.pk, "delivered")


def test_a_pause_ends_by_itself(pair):
    row = pair[0][1]
    Gateway.objects.filter(pk=row.pk).update(paused_until=timezone.now() - timedelta(seconds=1))
    assert load_routes()[0].gateway_id == row.pk


def test_while_all_pause_nothing_is_claimed(pair):
    Gateway.objects.update(paused_until=timezone.now() + timedelta(minutes=1))
    message = queue()
    assert (send_messages(), Message.objects.get(pk=message.pk).tries) == (0, 0)


def test_the_gateway_of_a_line_is_asked_first_and_others_use_their_own_number(pair):
    (first, row), (second, other) = pair
    open_shop()
    SenderLine.objects.filter(number=LINE).update(gateway=other)
    customer = make_customer(10_000)
    send_text(customer.pk, "sms_rest", ask("3001"))
    send_messages()
    Gateway.objects.filter(pk=other.pk).update(url=f"http://127.0.0.1:{pick_port(None)}")
    send_text(customer.pk, "sms_rest", ask("3002"))
    send_messages()
    assert [(row["recipients"], row["from"]) for row in second.messages()] == [(["09120003001"], LINE)]
    assert [(row["recipients"], row["from"]) for row in first.messages()] == [(["09120003002"], "10009")]


def test_one_bad_number_of_many_fails_alone_and_is_paid_back(pair):
    open_shop()
    customer = make_customer(10_000)
    numbers = [str(number) for number in range(3001, 3013)]
    send = send_text(customer.pk, "sms_rest", ask(*numbers, "0021"))
    send_messages()
    send.refresh_from_db()
    assert sorted(states_of(send)) == ["failed"] + ["sent"] * 12
    assert (send.charge, send.refunded) == (13 * PERSIAN_PRICE, PERSIAN_PRICE)
    assert read_balance(customer.pk) == 10_000 - 12 * PERSIAN_PRICE


def test_what_all_gateways_refuse_is_paid_back_in_full(pair):
    open_shop()
    customer = make_customer(10_000)
    SenderLine.objects.filter(number=LINE).update(number="other")
    send = send_text(customer.pk, "sms_rest", ask(*["0023"], sender="other"))
    send_messages()
    assert (states_of(send), read_balance(customer.pk)) == (["failed"], 10_000)
    assert Send.objects.get().refunded == PERSIAN_PRICE


@pytest.mark.parametrize("each", [False, True])
def test_texts_to_many_go_in_few_calls_and_cost_what_the_gateway_takes(pair, each):
    first, row = pair[0]
    Gateway.objects.filter(pk=row.pk).update(each_delivery=each, part_cost="90.50")
    open_shop()
    customer = make_customer(100_000)
    send = send_text(
        customer.pk, "sms_rest", ask(*[str(number) for number in range(3000, 3150)], text="س" * 71)
    )
    assert send_messages() == 150
    ids = set(Message.objects.values_list("gateway_id", flat=True))
    assert (len(ids), made(first)) == ((150, 150) if each else (2, 2))
    assert set(states_of(send)) == {"sent"}
    assert set(Message.objects.values_list("parts", "cost")) == {(2, 181)}
