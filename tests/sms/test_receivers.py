"""Which ends of orders become a text, and in which language."""

import pytest

from orders.services import cancel_order
from orders.tasks import handle_events
from panel.wallet.models import WalletEvent
from panel.wallet.tasks import handle_events as handle_wallet_events
from sms.models import Message
from sms.sending import send_messages
from tests.factories import make_customer
from tests.providers.steps import PURSE, forward, place, poll

ENDS = {
    "plain": "Your order {} is completed.",
    "partial": "Your order {} was done in part. 93 toman are back in your wallet.",
    "cancel": "Your order {} was canceled. 237 toman are back in your wallet.",
    "refuse": "Your order {} could not be done. 237 toman are back in your wallet.",
}


@pytest.mark.parametrize("word", ENDS)
def test_an_ended_order_makes_one_text_in_the_customer_s_language(way, gateway, word):
    customer, service, _ = way
    order_id = place(customer, service, word)
    forward()
    poll()
    for _ in range(2):
        handle_events()
        send_messages()
    message = Message.objects.get()
    expected = ENDS[word].format(order_id)
    assert (message.to, message.customer_id, message.text) == (customer.mobile, customer.pk, expected)
    assert [row["message"] for row in gateway.messages("0" + customer.mobile[3:])] == [expected]


def test_a_persian_customer_reads_persian_words_and_digits(way):
    customer = make_customer(PURSE, language="fa")
    cancel_order(customer.pk, place(customer, way[1]))
    handle_events()
    text = Message.objects.get().text
    assert ("۲۳۷" in text, "toman" in text) == (True, False)


def test_steps_on_the_way_make_no_text(way):
    place(way[0], way[1], "stuck")
    forward()
    poll()
    handle_events()
    assert Message.objects.count() == 0


def test_a_customer_without_a_mobile_gets_no_text(way):
    customer = make_customer(PURSE, mobile=None)
    cancel_order(customer.pk, place(customer, way[1]))
    handle_events()
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("bonus", "text"),
    [
        (0, "Your payment of 12,000 toman is in your wallet."),
        (600, "Your payment of 12,000 toman is in your wallet, with 600 toman on top."),
    ],
)
def test_a_payment_that_arrived_makes_one_text(db, bonus, text):
    customer = make_customer()
    WalletEvent.objects.create(
        customer=customer, kind="paid", data={"payment": 1, "amount": 12_000, "bonus": bonus}
    )
    for _ in range(2):
        handle_wallet_events()
    message = Message.objects.get()
    assert (message.to, message.customer_id, message.kind) == (customer.mobile, customer.pk, "paid")
    assert message.text == text


def test_nothing_else_in_a_wallet_makes_a_text(db):
    paid = {"payment": 1, "amount": 1, "bonus": 0}
    WalletEvent.objects.create(customer=make_customer(), kind="coupon", data={"amount": 1})
    WalletEvent.objects.create(customer=make_customer(mobile=None), kind="paid", data=paid)
    handle_wallet_events()
    assert Message.objects.count() == 0
