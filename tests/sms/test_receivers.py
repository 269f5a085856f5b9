"""Which events become a text to their customer, and in which language."""

from datetime import UTC, datetime

import pytest

from orders.services import cancel_order
from orders.tasks import handle_events
from panel.accounts.news import save_choices
from panel.wallet.models import WalletEvent
from panel.wallet.tasks import handle_events as handle_wallet_events
from sms.gateway.codes import SendState
from sms.models import Message, Send
from sms.sending import send_messages
from sms.signals import send_refused
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


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("adjusted", {"amount": 5000, "currency": "toman"}, "5,000 toman were put into your wallet."),
        ("adjusted", {"amount": -5, "currency": "coin"}, "5 coin were taken from your wallet."),
        ("coupon", {"amount": 300, "currency": "toman", "code": "X"}, "Your coupon gave you 300 toman."),
        ("reward", {"amount": 90}, "You won 90 toman."),
        ("referral", {"amount": 60}, "Somebody you brought here paid; your share is 60 toman."),
        ("bundle", {"bundle": "coins-1200", "coins": 1_200}, "1,200 coins are in your wallet."),
        (
            "campaign",
            {"campaign": 2422, "state": "available", "likes": 0},
            "Your campaign 2422 was approved and is shown from now on.",
        ),
        (
            "campaign",
            {"campaign": 2422, "state": "ended", "likes": 1_500},
            "Your campaign 2422 has ended with 1,500 likes.",
        ),
        (
            "campaign",
            {"campaign": 2422, "state": "rejected", "likes": 0},
            "Your campaign 2422 was rejected; its budget is back in your wallet.",
        ),
    ],
)
def test_other_news_of_a_wallet_are_told_to_who_chose_so(db, kind, data, text):
    eager = make_customer()
    save_choices(eager, panel=[], sms=[kind])
    for customer in (eager, make_customer()):
        WalletEvent.objects.create(customer=customer, kind=kind, data=data)
    handle_wallet_events()
    message = Message.objects.get()
    assert (message.customer, message.kind, message.text) == (eager, kind, text)


def test_who_wants_no_texts_gets_none(way):
    customer = way[0]
    save_choices(customer, panel=[], sms=[])
    cancel_order(customer.pk, place(customer, way[1]))
    paid = {"payment": 1, "amount": 1, "bonus": 0}
    for owner in (customer, make_customer(mobile=None)):
        WalletEvent.objects.create(customer=owner, kind="paid", data=paid)
    handle_events()
    handle_wallet_events()
    assert Message.objects.count() == 0


def test_what_staff_have_to_look_at_makes_no_text_to_the_customer(db):
    data = {"payment": 7, "amount": 1, "product": "SIM card", "left": 4}
    for kind in ("mismatch", "payment_unclear", "low_stock"):
        WalletEvent.objects.create(customer=make_customer(), kind=kind, data=data)
    handle_wallet_events()
    assert (Message.objects.count(), WalletEvent.objects.filter(handled_at=None).count()) == (0, 0)


def test_a_scheduled_send_that_was_not_made_is_told_to_who_chose_so(db):
    for language, chosen in (("fa", ["sms_refused"]), ("en", ["sms_refused"]), ("en", [])):
        customer = make_customer(language=language)
        save_choices(customer, panel=[], sms=chosen)
        send = Send(pk=customer.pk, customer=customer, send_at=datetime(2026, 5, 21, 5, 30, tzinfo=UTC))
        send_refused.send(sender=Send, send=send, code=SendState.NO_CREDIT)
    persian, english = Message.objects.order_by("pk")
    assert english.text == "Your SMS planned for 2026/05/21 09:00 was not sent: not enough credit"
    assert "۱۴۰۵/۰۲/۳۱ ۰۹:۰۰" in persian.text and SendState.NO_CREDIT.persian.rstrip(".") in persian.text
