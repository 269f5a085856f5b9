"""What customers and staff read in the panel: one line for each thing, made once."""

from datetime import UTC, datetime

import pytest

from orders.services import cancel_order
from orders.tasks import handle_events as handle_order_events
from panel.accounts.models import Customer
from panel.accounts.news import KINDS, save_choices
from panel.support.models import Notification
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.models import WalletEvent
from panel.wallet.tasks import handle_events as handle_wallet_events
from providers.models import Dispatch, ProviderEvent
from providers.pausing import pause_provider
from providers.tasks import handle_events as handle_provider_events
from providers.unclear import send_again
from sms.gateway.codes import SendState
from sms.models import Gateway, Message, Send
from sms.parts import has_persian
from sms.routes import pause_gateway
from sms.signals import send_refused
from tests.factories import make_customer
from tests.providers.steps import PURSE, forward, place, poll

ENDS = {
    "plain": ("order_completed", "Order {} (Likes) is completed."),
    "partial": ("order_partial", "Order {} (Likes) was done in part; 93 toman came back."),
    "cancel": ("order_canceled", "Order {} (Likes) was canceled; 237 toman came back."),
    "refuse": ("order_error", "Order {} (Likes) could not be done; 237 toman came back."),
}


@pytest.fixture
def staff(way):
    """Two people of the staff; a third has left."""
    make_customer(is_staff=True, is_active=False)
    return [make_customer(is_staff=True) for _ in range(2)]


def told():
    """Every (customer, kind, order, message), in no order."""
    return sorted(Notification.objects.values_list("customer", "kind", "order_id", "message"))


@pytest.mark.parametrize("word", ENDS)
def test_an_ended_order_makes_one_notification_for_its_customer(way, word):
    customer, service, _ = way
    order_id = place(customer, service, word)
    forward()
    poll()
    for _ in range(3):
        handle_order_events()
    kind, message = ENDS[word]
    assert told() == [(customer.pk, kind, order_id, message.format(order_id))]


def test_a_persian_customer_is_told_in_persian(way):
    customer = make_customer(PURSE, language="fa")
    cancel_order(customer.pk, place(customer, way[1]))
    handle_order_events()
    message = Notification.objects.get().message
    assert ("۲۳۷" in message, "canceled" in message) == (True, False)


def test_a_credit_by_hand_is_told(way):
    WalletEvent.objects.all().delete()
    customer = make_customer()
    adjust_wallet(customer_id=customer.pk, amount=5000, reason="gift", key="gift:1")
    adjust_wallet(customer_id=customer.pk, amount=5000, reason="gift", key="gift:1")
    handle_wallet_events()
    assert [(row[0], row[3]) for row in told()] == [
        (customer.pk, f"Dear {customer}, your wallet was credited with 5,000 toman.")
    ]


PAID = {"payment": 7, "amount": 12_000, "bonus": 0, "currency": "toman", "transfer": 1, "lost_coupon": ""}


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("adjusted", {"amount": -5000}, "Dear Sara, 5,000 toman were taken from your wallet."),
        (
            "adjusted",
            {"amount": 5000, "currency": "coin"},
            "Dear Sara, your wallet was credited with 5,000 (coin).",
        ),
        (
            "adjusted",
            {"amount": -5, "currency": "like"},
            "Dear Sara, 5 (like) were taken from your wallet.",
        ),
        ("paid", PAID, "Dear Sara, your payment of 12,000 toman is in your wallet."),
        (
            "paid",
            PAID | {"bonus": 1_200, "lost_coupon": "SUMMER"},
            "Dear Sara, your payment of 12,000 toman is in your wallet. Another 1,200 toman came on top of it."
            " The coupon SUMMER was used up meanwhile and gave nothing.",
        ),
        ("coupon", {"amount": 300}, "Dear Sara, your coupon gave your wallet 300 toman."),
        ("reward", {"amount": 90}, "Dear Sara, you won 90 toman; they are in your wallet."),
        (
            "referral",
            {"amount": 60},
            "Dear Sara, somebody you brought here paid: your share of 60 toman is in your wallet.",
        ),
        ("bundle", {"bundle": "coins-1200", "coins": 1_200}, "Dear Sara, 1,200 coins are in your wallet."),
        (
            "campaign",
            {"campaign": 2422, "state": "available", "likes": 0},
            "Campaign 2422 was approved and is shown from now on.",
        ),
        (
            "campaign",
            {"campaign": 2422, "state": "pending", "likes": 7},
            "Campaign 2422 waits for a review.",
        ),
        (
            "campaign",
            {"campaign": 2422, "state": "rejected", "likes": 0},
            "Campaign 2422 was rejected; its budget is back in your wallet.",
        ),
        (
            "campaign",
            {"campaign": 2422, "state": "ended", "likes": 1_500},
            "Campaign 2422 has ended with 1,500 likes.",
        ),
        (
            "campaign",
            {"campaign": 2422, "state": "unavailable", "likes": 3},
            "The picture of campaign 2422 is gone; what was left of its budget is back in your wallet.",
        ),
    ],
)
def test_a_customer_is_told_what_moved_in_the_wallet(db, kind, data, words):
    customer = make_customer(first_name="Sara")
    WalletEvent.objects.create(customer=customer, kind=kind, data=data)
    for _ in range(2):
        handle_wallet_events()
    assert told() == [(customer.pk, kind, None, words)]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "mismatch",
            "the bank has another amount. Nothing was credited; look it up at the bank and settle it.",
        ),
        (
            "payment_unclear",
            "the bank gave no clear answer for a long time. Look it up there, then ask again.",
        ),
    ],
)
def test_all_staff_learn_of_a_payment_that_needs_them_and_the_customer_does_not(way, staff, kind, words):
    WalletEvent.objects.all().delete()
    customer = make_customer(first_name="Sara")
    WalletEvent.objects.create(customer=customer, kind=kind, data={"payment": 7, "amount": 12_000})
    handle_wallet_events()
    message = f"Payment 7 of Sara (12,000 toman): {words}"
    assert told() == sorted((person.pk, kind, None, message) for person in staff)


def test_all_staff_learn_of_low_stock_and_the_buyer_does_not(db, staff):
    WalletEvent.objects.all().delete()
    data = {"product": "SIM card", "left": 4}
    WalletEvent.objects.create(customer=make_customer(), kind="low_stock", data=data)
    for _ in range(2):
        handle_wallet_events()
    message = "Only 4 codes of “SIM card” are left in the shop. Import more."
    assert told() == sorted((person.pk, "low_stock", None, message) for person in staff)


@pytest.mark.parametrize("kind", ["mismatch", "payment_unclear", "low_stock"])
def test_every_event_of_wallets_for_staff_can_be_told_by_both_channels_in_both_languages(staff, kind):
    WalletEvent.objects.all().delete()
    for person, language in zip(staff, ("fa", "en"), strict=True):
        Customer.objects.filter(pk=person.pk).update(language=language)
        save_choices(person, panel=[kind], sms=[kind])
    data = {"payment": 7, "amount": 1_234, "product": "SIM", "left": 1_234}
    WalletEvent.objects.create(customer=make_customer(first_name="Sara"), kind=kind, data=data)
    handle_wallet_events()
    assert WalletEvent.objects.get().handled_at is not None
    for texts in (
        Message.objects.values_list("text", flat=True),
        Notification.objects.values_list("message", flat=True),
    ):
        persian, english = texts.order_by("customer_id")
        assert ("۱٬۲۳۴" in persian, "1,234" in english) == (True, True)
        assert (has_persian(persian), has_persian(english.replace("“", "").replace("”", ""))) == (True, False)


CAMPAIGN_STATES = ["available", "pending", "rejected", "ended", "unavailable"]


@pytest.mark.parametrize("state", [None, *CAMPAIGN_STATES])
def test_news_of_the_like_exchange_can_be_told_by_both_channels_in_persian(db, state):
    customer, kind = make_customer(language="fa", first_name="سارا"), "campaign" if state else "bundle"
    save_choices(customer, panel=[kind], sms=[kind])
    data = {"campaign": 2422, "state": state, "likes": 1_234} if state else {"bundle": "x", "coins": 1_234}
    WalletEvent.objects.create(customer=customer, kind=kind, data=data)
    handle_wallet_events()
    number = {None: "۱٬۲۳۴", "ended": "۱٬۲۳۴"}.get(state, "2422")
    for text in (Message.objects.get().text, Notification.objects.get().message):
        assert (has_persian(text), number in text, "campaign" in text.lower()) == (True, True, False)


def test_all_staff_learn_of_a_paused_provider_once(way, staff):
    provider = way[2]
    pause_provider(provider.pk, "Invalid API key")
    pause_provider(provider.pk, "Invalid API key")
    handle_provider_events()
    handle_provider_events()
    message = f"Provider {provider.name} was paused: Invalid API key. Mend the account there, then resume it."
    assert told() == sorted((person.pk, "provider_paused", None, message) for person in staff)


def test_all_staff_learn_of_an_unclear_order(way, staff):
    customer, service, provider = way
    order_id = place(customer, service, "error500")
    forward()
    handle_provider_events()
    message = f"Order {order_id} at {provider.name} is unclear: look it up there and decide."
    assert told() == sorted((person.pk, "provider_unclear", order_id, message) for person in staff)


def test_all_staff_learn_of_a_late_acceptance(way, staff):
    customer, service, provider = way
    order_id = place(customer, service, "error500before/once")
    forward()
    row = Dispatch.objects.get()
    send_again(row.pk, "admin")
    ProviderEvent.objects.all().delete()
    from_upstream = {"order": order_id, "dispatch": row.pk, "upstream_id": "4711"}
    ProviderEvent.objects.create(provider=provider, kind="late_acceptance", data=from_upstream)
    handle_provider_events()
    message = f"{provider.name} took order {order_id} late, as 4711: it may be there twice. Look it up."
    assert {row[3] for row in told()} == {message}


@pytest.mark.parametrize(
    ("word", "kind"), [("nullremains", "unreadable_remains"), ("unknownstatus", "unknown_status")]
)
def test_all_staff_learn_of_what_cannot_be_read(way, staff, sandbox, word, kind):
    customer, service, _ = way
    if word == "unknownstatus":
        sandbox.change_speeds(pace=3600)
    place(customer, service, word)
    forward()
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE orders SET created = created - 1800")
    poll()
    poll()
    handle_provider_events()
    assert [(row[0], row[1]) for row in told()] == sorted((person.pk, f"provider_{kind}") for person in staff)


def test_who_wants_to_hear_nothing_in_the_panel_does_not(way):
    customer = way[0]
    save_choices(customer, panel=["paid"], sms=[])
    cancel_order(customer.pk, place(customer, way[1]))
    WalletEvent.objects.all().delete()
    for kind in ("paid", "coupon"):
        WalletEvent.objects.create(customer=customer, kind=kind, data=PAID)
    handle_order_events()
    handle_wallet_events()
    assert [row[1] for row in told()] == ["paid"]


def test_each_of_the_staff_is_told_by_the_channels_of_their_choice(way, staff):
    provider = way[2]
    save_choices(staff[0], panel=[], sms=["provider_paused"])
    pause_provider(provider.pk, "Invalid API key")
    for _ in range(2):
        handle_provider_events()
    assert [(row[0], row[1]) for row in told()] == [(staff[1].pk, "provider_paused")]
    message = Message.objects.get()
    assert (message.to, message.kind) == (staff[0].mobile, "provider_paused")
    assert message.text == f"Provider {provider.name} was paused: Invalid API key"


@pytest.mark.parametrize("kind", [kind.removeprefix("provider_") for kind in KINDS if "provider_" in kind])
def test_every_event_of_a_provider_can_be_told_by_sms_in_both_languages(way, staff, kind):
    for person, language in zip(staff, ("fa", "en"), strict=True):
        Customer.objects.filter(pk=person.pk).update(language=language)
        save_choices(person, panel=[], sms=[f"provider_{kind}"])
    data = {
        "order": 7,
        "reason": "x",
        "upstream_id": 9,
        "status": "Halted",
        "balance": "12.5",
        "currency": "USD",
    }
    ProviderEvent.objects.create(provider=way[2], kind=kind, data=data)
    handle_provider_events()
    texts = list(Message.objects.order_by("customer_id").values_list("text", flat=True))
    assert [way[2].name in text for text in texts] == [True, True]
    assert [has_persian(text.replace("“", "").replace("”", "")) for text in texts] == [True, False]


def test_staff_who_chose_so_get_an_sms_about_a_payment(way, staff):
    customer = make_customer(first_name="Sara")
    save_choices(staff[0], panel=[], sms=["mismatch"])
    WalletEvent.objects.create(customer=customer, kind="mismatch", data={"payment": 7, "amount": 12_000})
    handle_wallet_events()
    message = Message.objects.get()
    assert message.customer == staff[0]
    assert message.text == (
        "Payment 7 of Sara (12,000 toman): the bank has another amount. Look it up there."
    )


def test_a_scheduled_send_that_was_not_made_is_told(db):
    customer = make_customer()
    send = Send(pk=4, customer=customer, send_at=datetime(2026, 5, 21, 5, 30, tzinfo=UTC))
    for _ in range(2):
        send_refused.send(sender=Send, send=send, code=SendState.NO_CREDIT)
    words = "The SMS planned for 2026/05/21 09:00 was not sent and not charged: not enough credit"
    assert told() == [(customer.pk, "sms_refused", None, words)]


def test_all_staff_learn_of_a_paused_sms_gateway_once(staff):
    row = Gateway.objects.create(name="Main", kind="rest", url="https://sms.example", sender="3000")
    for _ in range(2):
        pause_gateway(row.pk, "no credit")
    words = "SMS gateway Main was paused: no credit. Mend the account there."
    assert told() == sorted((person.pk, "gateway_paused", None, words) for person in staff)
