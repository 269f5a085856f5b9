"""Whether codes and news go out, by gateways, queue and newest messages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.lib.standing import Standing
from sms.models import Gateway, Message
from sms.outbox import queue_message
from sms.standing import judge_sms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _gateway(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9"


def make_messages(*states, **fields):
    for number, state in enumerate(states):
        key = f"{state}:{number}"
        queue_message(key=key, kind="test", to="+989123456789", text="x")
        Message.objects.filter(key=key).update(state=state, **fields)


def make_gateway(name, **fields):
    return Gateway.objects.create(name=name, kind="rest", url="http://127.0.0.1:9", sender="1000", **fields)


def test_nothing_is_known_without_messages():
    assert judge_sms() == Standing.UNKNOWN


def test_nothing_is_known_without_a_gateway(settings):
    settings.SMS_GATEWAY_URL = ""
    make_messages("sent")
    assert judge_sms() == Standing.UNKNOWN


@pytest.mark.parametrize(
    ("states", "standing"),
    [
        (["sent", "delivered", "undelivered"], Standing.WORKING),
        (["sent"] * 9 + ["unclear"], Standing.TROUBLED),
        (["sent", "failed"], Standing.FAILING),
        (["sent", "sending"], Standing.WORKING),
    ],
)
def test_the_newest_messages_tell(states, standing):
    make_messages(*states)
    assert judge_sms() == standing


def test_messages_of_the_day_before_tell_nothing():
    make_messages("failed", created=timezone.now() - timedelta(hours=25))
    assert judge_sms() == Standing.UNKNOWN


@pytest.mark.parametrize(
    ("priority", "minutes", "standing"),
    [
        (Message.Priority.CODE, 1, Standing.UNKNOWN),
        (Message.Priority.CODE, 3, Standing.TROUBLED),
        (Message.Priority.EVENT, 20, Standing.FAILING),
        (Message.Priority.ADVERTISING, 20, Standing.UNKNOWN),
    ],
)
def test_the_queue_of_codes_and_news_tells(priority, minutes, standing):
    due = timezone.now() - timedelta(minutes=minutes)
    make_messages("queued", priority=priority, next_try_at=due)
    assert judge_sms() == standing


def test_nothing_goes_out_while_every_active_gateway_pauses():
    make_messages("sent")
    soon = timezone.now() + timedelta(minutes=5)
    paused = make_gateway("first", paused_until=soon)
    make_gateway("off", active=False)
    assert judge_sms() == Standing.FAILING
    Gateway.objects.filter(pk=paused.pk).update(paused_until=timezone.now() - timedelta(minutes=1))
    assert judge_sms() == Standing.WORKING
    Gateway.objects.filter(pk=paused.pk).update(paused_until=soon)
    make_gateway("second")
    assert judge_sms() == Standing.WORKING
