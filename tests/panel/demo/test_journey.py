"""The live log of orders that really travel: forwarded to the sandbox, polled, settled, told by SMS."""

import itertools
import re

import pytest
from django.core.management import CommandError, call_command

from orders.models import OrderEvent
from orders.tasks import handle_events
from panel.accounts.models import Customer
from panel.demo.journey import tell_journey
from providers.models import Dispatch
from providers.unclear import reconcile_unclear
from sms.models import Message
from sms.sending import send_messages
from tests.factories import make_provider, make_route
from tests.providers.conftest import way  # noqa: F401 - the same start as for tests of an order's way
from tests.providers.steps import forward, make_all_due, place, poll

SMS = "SMS sent to +989120001111"
PLACED = "placed: 101 for 237 toman"


@pytest.fixture
def route(way, sandbox, settings):  # noqa: F811 - a fixture by its name
    """(customer, service, provider) of the way, with the sandbox as SMS gateway and a number it delivers to."""
    settings.SMS_GATEWAY_URL = f"{sandbox.url}/sms/api/v1/rest"
    settings.SMS_GATEWAY_TOKEN = "sandbox-sms-token"
    settings.SMS_PENDING_STATUS_SECONDS = 20
    Customer.objects.filter(pk=way[0].pk).update(mobile="+989120001111")
    return way


def place_with(route, word):
    return place(route[0], route[1], word)


def travel():
    """As far as orders get at once: to the upstream and to their end there, with their messages."""
    forward()
    poll()
    handle_events()
    send_messages()


def tell(fates, seconds=0):
    """What is told in one look: (lines without their times, orders left)."""
    lines = []
    left = tell_journey(fates, lines.append, seconds)
    assert [line for line in lines if not re.match(r" +\d+\.\d s  #", line)] == []
    return [line.partition(" s  ")[2] for line in lines], left


def upstream_of(order_id):
    return Dispatch.objects.get(order=order_id, state="accepted").upstream_id


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("plain", "completed"),
        ("partial", "partial, 93 toman back"),
        ("cancel", "canceled, 237 toman back"),
    ],
)
def test_an_order_is_told_from_its_placing_to_its_sms(route, word, end):
    order_id = place_with(route, word)
    travel()
    steps = [PLACED, f"forwarded as #{upstream_of(order_id)}", end, SMS]
    assert tell({order_id: word}) == ([f"#{order_id} {word}  {step}" for step in steps], [])


def test_a_step_on_the_way_is_told(route, sandbox):
    sandbox.state.speeds.pace = 1000
    order_id = place_with(route, "plain")
    forward()
    OrderEvent.objects.create(order_id=order_id, kind="in_progress")
    OrderEvent.objects.create(order_id=order_id, kind="cancel_refused", data={"reason": "too late"})
    lines, left = tell({order_id: "plain"})
    assert lines[2:] == [f"#{order_id} plain  {step}" for step in ("in progress", "cancel refused: too late")]
    assert left == [order_id]


def test_every_route_that_refused_is_told_before_the_money_is_back(route, sandbox):
    backup = make_provider(sandbox.url, name="backup", key="sandbox-backup")
    make_route(route[1], backup, priority=20)
    order_id = place_with(route, "refuse")
    travel()
    travel()
    reason = "neworder.error.link_duplicate"
    refusals = [f"refused by {name}: {reason}" for name in (route[2].name, "backup")]
    steps = [PLACED, *refusals, f"error, 237 toman back: {reason}", SMS]
    assert tell({order_id: "refuse"}) == ([f"#{order_id} refuse  {step}" for step in steps], [])


def test_an_unclear_order_is_told_and_who_found_it(route):
    provider = route[2]
    provider.key, provider.honours_idempotency_key = "sandbox-key", True
    provider.save()
    order_id = place_with(route, "error500")
    forward()
    unclear = "unclear whether the upstream has it: HTTP 500"
    told, left = tell({order_id: "error500"})
    assert told == [f"#{order_id} error500  {step}" for step in (PLACED, unclear)]
    assert left == [order_id]
    make_all_due()
    assert reconcile_unclear() == 1
    travel()
    found = f"forwarded as #{upstream_of(order_id)}, found by its Idempotency-Key"
    steps = [PLACED, unclear, found, "completed", SMS]
    assert tell({order_id: "error500"}) == ([f"#{order_id} error500  {step}" for step in steps], [])


def test_an_sms_that_cannot_be_sent_is_told_too(route):
    order_id = place_with(route, "plain")
    travel()
    Message.objects.update(state="failed", sent_at=None, error="no credit")
    lines, left = tell({order_id: "plain"})
    assert lines[-1] == f"#{order_id} plain  SMS failed: no credit"
    assert left == []


def test_each_step_is_told_once_while_the_order_travels(route, monkeypatch):
    order_id = place_with(route, "plain")
    pauses = itertools.chain([forward, poll, handle_events, send_messages], itertools.repeat(pytest.fail))
    monkeypatch.setattr("panel.demo.journey.time.sleep", lambda _: next(pauses)())
    lines, left = tell({order_id: "plain"}, seconds=60)
    steps = [PLACED, f"forwarded as #{upstream_of(order_id)}", "completed", SMS]
    assert (lines, left) == ([f"#{order_id} plain  {step}" for step in steps], [])


def test_orders_stand_in_columns_and_strangers_are_left_out(route):
    place_with(route, "error500")
    forward()
    orders = {place_with(route, word): word for word in ("plain", "stuck")}
    first, second = orders
    lines, left = tell({first: "plain", second: "a-long-word"})
    assert lines == [f"#{first} plain        {PLACED}", f"#{second} a-long-word  {PLACED}"]
    assert left == [first, second]


def test_the_command_says_what_is_still_on_its_way(route, capsys):
    order_id = place_with(route, "plain")
    call_command("demo_journey", f"{order_id}=plain", seconds=0)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"    0.0 s  #{order_id} plain  {PLACED}",
        f"           #{order_id} plain  is still on its way",
    ]


def test_the_command_refuses_what_is_no_order():
    with pytest.raises(CommandError, match="abc is not ORDER=WORD"):
        call_command("demo_journey", "abc")
