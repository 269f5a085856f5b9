"""What the audit proves of sends: each way in which their money could be wrong is found."""

import pytest

from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account
from sms.models import Message, Send
from sms.sends import send_text, stop_send
from tests.factories import make_customer
from tests.sms.sends import ask, find_all_drifts, open_shop

pytestmark = pytest.mark.django_db(transaction=True)
SALES = house_id(Account.Kind.SALES)


@pytest.fixture
def send():
    """A send to three, of which one was stopped and paid back."""
    open_shop()
    customer = make_customer(10_000)
    made = send_text(customer.pk, "sms_rest", ask("3001", "3002", "3003"))
    Message.objects.exclude(to__endswith="3003").update(state="sent")
    stop_send(customer.pk, made.pk)
    return made


def test_a_sound_book_has_no_drift(send):
    assert find_all_drifts() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"charge": 999}, "charge 999"),
        ({"refunded": 0}, "refunded 0"),
        ({"recipients": 2}, "2 recipients"),
        ({"part_price": 1}, "at 1 toman"),
        ({"customer_id": None}, "of customer"),
    ],
)
def test_a_send_that_differs_from_its_transfers_is_found(send, change, words):
    if "customer_id" in change:
        change = {"customer_id": make_customer().pk}
    Send.objects.filter(pk=send.pk).update(**change)
    assert any(f"send {send.pk}" in line and words in line for line in find_all_drifts())


def test_a_failed_message_that_was_not_paid_back_is_found(send):
    Message.objects.filter(to__endswith="3001").update(state="failed")
    assert [line.split(":")[0] for line in find_all_drifts()] == [f"send {send.pk}"]


@pytest.mark.parametrize("kind", ["sms", "sms_refund"])
def test_a_transfer_without_a_send_is_found(send, kind):
    wallet = open_wallet(send.customer_id).pk
    sides = (
        {"debit_id": wallet, "credit_id": SALES}
        if kind == "sms"
        else {"debit_id": SALES, "credit_id": wallet}
    )
    transfer(**sides, amount=5, kind=kind, key="sms:odd")
    assert len(find_all_drifts()) == 1
