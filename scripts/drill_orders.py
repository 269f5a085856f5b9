"""The orders of the restore drill: placed, sent to a sandbox upstream, and counted on both sides."""

import io

import environ
from django.core.management import call_command
from django.db import connection, transaction

from orders.models import Category, Order, Service
from orders.services import place_order
from panel.accounts.models import Customer
from panel.wallet.adjustments import adjust_wallet
from providers.forwarding import forward_orders
from providers.models import Provider, Route
from providers.pausing import resume_provider

PURSE, QUANTITY = 1_000_000, 50


def prepare(sandbox_url):
    """Tables, a customer with money, and a service that the sandbox provides; returns `(customer, service)`."""
    call_command("migrate", verbosity=0)
    customer = Customer.objects.create(username="drill", mobile="+989120003001", mobile_verified=True)
    with transaction.atomic():
        adjust_wallet(customer_id=customer.pk, amount=PURSE, reason="money for the orders", key="drill")
    category = Category.objects.create(name="Drill")
    service = Service.objects.create(
        category=category, name="Likes", price=2000, min=10, max=10_000, same_link="allow"
    )
    provider = Provider.objects.create(
        name="sandbox", url=f"{sandbox_url}/standard/api/v2", key="sandbox-key", honours_idempotency_key=True
    )
    Route.objects.create(service=service, provider=provider, upstream_service="1")
    return customer, service


def place_orders(customer, service, count):
    """Place so many orders, each charged and queued, none sent."""
    for _ in range(count):
        values = {"link": "https://example.com/plain", "quantity": QUANTITY}
        place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, values)


def list_orders():
    """`[(id, charge)]` of all orders."""
    return list(Order.objects.order_by("pk").values_list("pk", "charge"))


def send_all():
    """Resume every provider and send what may be sent."""
    for pk in Provider.objects.values_list("pk", flat=True):
        resume_provider(pk)
    forward_orders()


def count_sent(sandbox):
    """How many orders the upstream has."""
    with sandbox.state.store.transaction() as database:
        return database.execute("SELECT count(*) FROM orders").fetchone()[0]


def move_to(url):
    """Go on with the database at that address."""
    connection.close()
    parts = environ.Env.db_url_config(url)
    connection.settings_dict |= {name: parts[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}


def mend(until, lost):
    """Do what has to be done after a restore; returns what that tells."""
    told = io.StringIO()
    call_command("after_restore", "--since", until.isoformat(), "--lost", lost.isoformat(), stdout=told)
    return told.getvalue()
