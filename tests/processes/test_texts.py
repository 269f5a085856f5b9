"""Real workers send texts to many: one is killed in the middle, and nobody gets a text twice."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from sms.models import Message
from sms.sends import send_text
from tests.factories import make_customer
from tests.processes.conftest import QUICK, running, wait_until
from tests.running import running_beat, running_worker
from tests.sms.sends import ask, fill_book, find_all_drifts, open_shop

NUMBERS = 3_000
TEXT = "هر کس یک بار"


def count_states():
    return Counter(Message.objects.values_list("state", flat=True))


def test_a_worker_killed_while_sending_texts_loses_none_and_doubles_none(
    transactional_db, sandbox, clean_redis
):
    open_shop()
    customer = make_customer(10**7)
    environment = QUICK | {"SMS_GATEWAY_URL": f"{sandbox.url}/sms/api/v1/rest"}
    sandbox.change_speeds(latency=0.5)
    send_text(customer.pk, "sms_rest", ask(book_id=fill_book(customer.pk, NUMBERS).pk, text=TEXT))
    with running_worker(**environment) as doomed:
        assert wait_until(lambda: sandbox.count_texts(TEXT)["texts"] >= 500)
        doomed.kill()
    assert count_states()["sending"] > 0
    # As if its lease had run out.
    Message.objects.filter(state="sending").update(claimed_at=timezone.now() - timedelta(hours=1))
    sandbox.change_speeds(latency=0)
    with running(running_worker(**environment), running_worker(**environment), running_beat(**QUICK)):
        assert wait_until(lambda: not count_states().keys() - {"sent", "delivered", "unclear"})
    states, told = count_states(), sandbox.count_texts(TEXT)
    assert (told["texts"], told["different"], states.total()) == (told["mobiles"], told["mobiles"], NUMBERS)
    # What the gateway had when the worker died is unclear to us; everything else it told us of.
    assert NUMBERS - states["unclear"] <= told["mobiles"] <= NUMBERS
    assert find_all_drifts() == []
