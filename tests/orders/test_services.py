"""place_order and cancel_order as the dashboard calls them, and forgetting old idempotency keys."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from orders.models import IdempotencyKey, Order
from orders.refusals import OrderRefused, Refusal, describe
from orders.services import cancel_order, place_order
from orders.tasks import purge_idempotency_keys
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
VALUES = {"link": "https://instagram.com/p/abc", "quantity": "100"}


@pytest.fixture
def customer():
    return make_customer(toman=1_000)


def place(customer, key="", service=None, **values):
    service = service or make_service()
    return place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, VALUES | values, key)


def refusal_of(work):
    with pytest.raises(OrderRefused) as refused:
        work()
    return (refused.value.code, refused.value.field, refused.value.limit)


def test_placing_gives_the_order_and_its_charge(customer):
    placed = place(customer)
    assert (placed.order_id, placed.charge) == (Order.objects.get().pk, 200)
    assert Order.objects.get().channel == "dashboard"


def test_a_repeat_gives_the_order_without_a_charge(customer):
    service = make_service()
    first, again = place(customer, "k", service), place(customer, "k", service)
    assert (again.order_id, again.charge) == (first.order_id, None)
    assert read_balance(customer.pk) == 800


def test_refusals_name_the_field_and_the_bound(customer):
    assert refusal_of(lambda: place(customer, quantity="9")) == (Refusal.QUANTITY_LOW, "quantity", 10)
    assert refusal_of(lambda: place(customer, quantity="99999")) == (
        Refusal.QUANTITY_HIGH,
        "quantity",
        10_000,
    )
    assert refusal_of(lambda: place(customer, link="")) == (Refusal.FIELD_MISSING, "link", None)
    assert refusal_of(lambda: place(customer, quantity="501")) == (Refusal.FUNDS, "", None)


def test_nobody_and_the_locked_place_nothing(customer):
    customer.is_active = False
    customer.save()
    assert refusal_of(lambda: place(customer))[0] is Refusal.CUSTOMER_LOCKED
    customer.pk = 10**12
    assert refusal_of(lambda: place(customer))[0] is Refusal.KEY_INVALID
    assert Order.objects.count() == 0


def test_an_order_of_a_transaction_that_fails_never_was(customer):
    with pytest.raises(RuntimeError), transaction.atomic():
        place(customer)
        raise RuntimeError
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 1_000)


def test_a_refusal_leaves_the_transaction_around_it_usable(customer):
    with transaction.atomic():
        refusal_of(lambda: place(customer, quantity="501"))
        assert place(customer).charge == 200


def test_only_one_s_own_orders_are_canceled(customer):
    order = place(customer).order_id
    stranger = make_customer()
    assert refusal_of(lambda: cancel_order(stranger.pk, order))[0] is Refusal.ORDER_UNKNOWN
    assert read_balance(customer.pk) == 800


def test_every_refusal_has_a_sentence():
    sentences = {describe(OrderRefused(code, field="link", limit=5)) for code in Refusal}
    assert len(sentences) == len(Refusal)
    assert all("%(" not in sentence and sentence for sentence in sentences)


def test_keys_are_forgotten_after_their_hours(customer, settings):
    service = make_service()
    first = place(customer, "k", service).order_id
    place(customer, "young", service)
    almost = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS, seconds=-60)
    IdempotencyKey.objects.filter(key="k").update(created=almost)
    purge_idempotency_keys()
    assert place(customer, "k", service).order_id == first
    IdempotencyKey.objects.filter(key="k").update(created=almost - timedelta(seconds=120))
    purge_idempotency_keys()
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"young"}
    assert place(customer, "k", service).order_id != first
