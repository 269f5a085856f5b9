"""The main job in real processes: from a customer's call to the text on the phone."""

import requests
from django.core.management import call_command

from panel.support.models import Notification
from panel.wallet.ledger import read_balance
from sms.models import Message
from tests.factories import make_key
from tests.processes.conftest import QUICK, running, wait_until
from tests.providers.steps import CHARGE, QUANTITY, link_for
from tests.running import running_beat, running_web, running_worker

ENDS = {
    "plain": ("Completed", 0, "Your order {} is completed."),
    "partial": (
        "Partial",
        93,
        "Your order {} was done in part. 93 toman are back in your wallet.",
    ),
    "cancel": ("Canceled", CHARGE, "Your order {} was canceled. 237 toman are back in your wallet."),
    "refuse": ("Canceled", CHARGE, "Your order {} could not be done. 237 toman are back in your wallet."),
}


def test_a_call_becomes_an_upstream_order_a_notification_and_a_text(shop, sandbox):
    customer, service, _ = shop
    sandbox.change_speeds(pace=2)
    key = make_key(customer)
    env = QUICK | {"SMS_GATEWAY_URL": f"{sandbox.url}/sms/api/v1/rest", "SMS_PENDING_STATUS_SECONDS": 1}
    with running(running_web(**env), running_worker(**env), running_beat(**env)) as (web, _, _):

        def call(**values):
            return requests.post(f"{web.url}/api/v2", data={"key": key, **values}, timeout=10).json()

        placed = {
            word: call(action="add", service=service.pk, quantity=QUANTITY, link=link_for(word))["order"]
            for word in ENDS
        }
        expected = {word: text.format(placed[word]) for word, (_, _, text) in ENDS.items()}
        assert wait_until(lambda: len(sandbox.messages(customer.mobile)) == len(ENDS))
        assert wait_until(lambda: set(Message.objects.values_list("state", flat=True)) == {"delivered"})
        statuses = {word: call(action="status", order=placed[word])["status"] for word in ENDS}
    assert statuses == {word: status for word, (status, _, _) in ENDS.items()}
    texts = sorted(row["message"] for row in sandbox.messages(customer.mobile))
    assert texts == sorted(expected.values())
    told = Notification.objects.filter(customer=customer, order_id__isnull=False)
    assert sorted(told.values_list("order_id", flat=True)) == sorted(placed.values())
    refunds = sum(refund for _, refund, _ in ENDS.values())
    assert read_balance(customer.pk) == 1_000_000 - len(ENDS) * CHARGE + refunds
    call_command("audit_ledger")
