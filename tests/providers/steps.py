"""The steps of an order's way, for tests that walk it: place, forward, poll, and look at what became of it."""

from datetime import timedelta

from django.utils import timezone

from orders.models import Order, OrderEvent
from orders.services import place_order
from panel.wallet.ledger import read_balance
from providers.forwarding import forward_orders
from providers.models import Dispatch
from providers.polling import poll_orders

CHARGE = 237  # toman for QUANTITY pieces at PRICE: ceil(236.845)
PRICE = 2345
QUANTITY = 101
PURSE = 10_000
LONG_AGO = timedelta(hours=2)


def link_for(word):
    """A link whose fate is `word`."""
    return f"https://example.com/{word}"


def place(customer, service, word="plain"):
    """Place QUANTITY of `service` for a link with that fate; returns the order's id."""
    values = {"link": link_for(word), "quantity": str(QUANTITY)}
    return place_order(customer.pk, Order.Channel.STANDARD, service.pk, values).order_id


def make_all_due():
    """Let every wait be over: next tries, next polls, next questions."""
    past = timezone.now() - LONG_AGO
    Order.objects.filter(next_try_at__isnull=False).update(next_try_at=past)
    Dispatch.objects.filter(next_poll_at__isnull=False).update(next_poll_at=past)
    Dispatch.objects.filter(next_ask_at__isnull=False).update(next_ask_at=past)
    Dispatch.objects.filter(lease_until__isnull=False).update(lease_until=past)


def forward():
    """One run of forwarding in which everything queued is due."""
    make_all_due()
    return forward_orders()


def poll():
    """One run of polling in which everything accepted is due; returns the number of upstream calls."""
    make_all_due()
    return poll_orders()


def age_upstream(sandbox, seconds):
    """Make the sandbox's orders so much older, as if that time had passed there."""
    with sandbox.state.store.transaction() as database:
        database.execute("UPDATE orders SET created = created - ?", (seconds,))


def look(order_id):
    """(status, forwarding, refunded, remains) of the order."""
    order = Order.objects.get(pk=order_id)
    return order.status, order.forwarding, order.refunded, order.remains


def list_events(order_id):
    """The kinds of the order's events, oldest first."""
    return list(OrderEvent.objects.filter(order=order_id).order_by("id").values_list("kind", flat=True))


def list_states(order_id):
    """The states of the order's dispatches, oldest first."""
    return list(Dispatch.objects.filter(order=order_id).order_by("id").values_list("state", flat=True))


def balance_of(customer):
    """What the customer's wallet holds, in toman."""
    return read_balance(customer.pk)
