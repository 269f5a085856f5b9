"""`add`: what is charged and stored, and what the same Idempotency-Key means."""

import json

import pytest

from orders.models import DripFeed, IdempotencyKey, Order, OrderEvent, Subscription
from orders.service_types import TYPE_RULES, Count, ServiceType
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.standard.conftest import LINK, client

REUSED = {"error": "Idempotency key reused"}


def test_an_order_is_charged_stored_and_told(add, customer, service):
    answer = add()
    order = Order.objects.get()
    assert answer == {"order": order.pk}
    stored = (order.customer_id, order.service_id, order.channel, order.link, order.quantity, order.fields)
    assert stored == (customer.pk, service.pk, "standard", LINK, 100, None)
    state = (order.charge, order.refunded, order.status, order.forwarding, order.tries, order.settled_at)
    assert state == (200, 0, "pending", "queued", 0, None)
    assert order.next_try_at == order.created
    charge = Transfer.objects.get(kind="charge")
    moved = (charge.debit_id, charge.credit_id, charge.amount, charge.currency, charge.key, charge.reference)
    wallet = open_wallet(customer.pk).pk
    assert moved == (wallet, house_id("sales"), 200, "toman", f"order:{order.pk}:charge", str(order.pk))
    assert read_balance(customer.pk) == 999_800
    assert list(OrderEvent.objects.values_list("order_id", "kind", "data")) == [(order.pk, "placed", {})]


def test_discount_is_taken_and_the_charge_rounded_up_once(add, customer, service):
    customer.discount = 7
    customer.save()
    add(quantity=33)  # 2000 × 33 × 93 ÷ 100000 = 61.38
    assert Order.objects.get().charge == 62
    assert read_balance(customer.pk) == 999_938


def test_persian_and_arabic_digits_are_numbers(add):
    add(quantity="۱۲۳")
    add(quantity="١٢٣")
    assert list(Order.objects.values_list("quantity", flat=True)) == [123, 123]


def test_unknown_fields_are_ignored(add):
    add(comments="not for this type", whatever="x")
    assert Order.objects.get().fields is None


def test_the_last_toman_can_be_spent(add, customer):
    add(quantity=10_000)
    for _ in range(49):
        add(quantity=10_000)
    assert read_balance(customer.pk) == 0
    assert add(quantity=10) == {"error": "Not enough funds on balance"}


def test_a_free_service_moves_no_money(add, ledger):
    free = make_service(price=0)
    before = ledger()
    answer = add(service=free.pk)
    assert Order.objects.get(pk=answer["order"]).charge == 0
    assert ledger() == before | {"Order": 1, "OrderEvent": 1}


def test_who_has_no_wallet_may_order_what_is_free(add, customer):
    free = make_service(price=0)
    customer.accounts.update(owner=None, kind="sales", balance=None)
    assert add(service=free.pk) == {"order": Order.objects.get().pk}
    assert add() == {"error": "Not enough funds on balance"}


def test_a_full_discount_moves_no_money(add, customer, ledger):
    customer.discount = 100
    customer.save()
    before = ledger()
    add()
    assert ledger() == before | {"Order": 1, "OrderEvent": 1}


def test_a_package_costs_its_price_and_has_its_size(add, customer):
    package = make_service(type=ServiceType.PACKAGE, price=4_999, pack_size=250, min=1, max=1)
    customer.discount = 10
    customer.save()
    add(service=package.pk, quantity=None)
    order = Order.objects.get()
    assert (order.quantity, order.charge) == (250, 4_500)  # 4499.1 rounded up
    assert read_balance(customer.pk) == 995_500


def fields_of(rule):
    """Good values for everything a type asks for beside link and quantity."""
    names = (*rule.needs, *rule.one_of[:1])
    return {name: "eins\nzwei\r\n\n drei " if name in rule.lists else f" a {name} " for name in names}


@pytest.mark.parametrize("kind", [kind for kind in TYPE_RULES if kind != ServiceType.SUBSCRIPTIONS], ids=str)
def test_every_type_that_runs_once_can_be_ordered(add, kind):
    rule = TYPE_RULES[kind]
    sold = make_service(type=kind, price=1_000_000, min=1, max=100, pack_size=40)
    values = fields_of(rule)
    answer = add(service=sold.pk, quantity=12 if rule.count is Count.QUANTITY else None, **values)
    order = Order.objects.get(pk=answer["order"])
    quantity = {Count.QUANTITY: 12, Count.LINES: 3, Count.PIECE: 40}[rule.count]
    charge = {Count.QUANTITY: 12_000, Count.LINES: 3_000, Count.PIECE: 1_000_000}[rule.count]
    assert (order.quantity, order.charge) == (quantity, charge)
    stored = {name: "eins\nzwei\ndrei" if name in rule.lists else f"a {name}" for name in values}
    assert order.fields == (stored or None)


def test_drip_feed_is_charged_for_all_runs(add):
    sold = make_service(dripfeed=True)
    order = Order.objects.get(pk=add(service=sold.pk, quantity=100, runs="۵", interval="30")["order"])
    plan = DripFeed.objects.get(order=order)
    assert (order.quantity, order.charge, plan.runs, plan.quantity, plan.interval) == (500, 1000, 5, 100, 30)


@pytest.mark.parametrize("values", [{"runs": 5}, {"interval": 5}, {"runs": "x", "interval": 5}])
def test_half_a_drip_feed_is_refused(add, values):
    sold = make_service(dripfeed=True)
    assert add(service=sold.pk, quantity=100, **values) == {"error": "Incorrect request"}
    assert add(service=make_service().pk, quantity=100, runs=2, interval=5) == {"error": "Incorrect request"}
    assert Order.objects.count() == 0


def test_a_subscription_is_charged_for_all_posts(add):
    sold = make_service(type=ServiceType.SUBSCRIPTIONS)
    wanted = {"username": "@some.one", "min": 50, "max": 100, "posts": 3, "delay": 5, "expiry": "31/12/2028"}
    answer = add(service=sold.pk, link=None, quantity=None, **wanted)
    order = Order.objects.get(pk=answer["order"])
    plan = Subscription.objects.get(order=order)
    assert (order.quantity, order.charge) == (300, 600)
    assert (plan.username, plan.min, plan.max, plan.posts, plan.delay) == ("some.one", 50, 100, 3, 5)
    assert plan.expires_at.isoformat() == "2028-12-31T20:29:59.999999+00:00"


def test_lists_may_be_json_lists(key):
    sold = make_service(type=ServiceType.CUSTOM_COMMENTS, min=1)
    body = {"key": key, "action": "add", "service": sold.pk, "link": LINK, "comments": ["خوب", "good"]}
    answer = client.post("/api/v2", json.dumps(body), "application/json").json()
    order = Order.objects.get(pk=answer["order"])
    assert (order.quantity, order.fields) == (2, {"comments": "خوب\ngood"})


def test_the_same_key_and_body_answers_with_the_same_order(add, ledger):
    first = add({"Idempotency-Key": "k-1"})
    before = ledger()
    assert add({"Idempotency-Key": "k-1"}) == first
    assert ledger() == before
    assert IdempotencyKey.objects.get().order_id == first["order"]


@pytest.mark.parametrize("other", [{"quantity": 101}, {"link": LINK + "d"}])
def test_the_same_key_with_another_body_is_refused(add, ledger, other):
    add({"Idempotency-Key": "k-1"})
    before = ledger()
    assert add({"Idempotency-Key": "k-1"}, **other) == REUSED
    assert ledger() == before


def test_the_same_key_for_another_service_is_refused(add):
    add({"Idempotency-Key": "k-1"})
    assert add({"Idempotency-Key": "k-1"}, service=make_service().pk) == REUSED


def test_the_key_s_order_is_answered_with_an_empty_wallet_and_a_paused_service(add, customer, service):
    first = add({"Idempotency-Key": "k-1"}, quantity=10_000)
    while "order" in add(quantity=10_000):
        pass
    service.active = False
    service.save()
    assert read_balance(customer.pk) == 0
    assert add({"Idempotency-Key": "k-1"}, quantity=10_000) == first
    assert add({"Idempotency-Key": "k-1"}, quantity=10) == REUSED


def test_other_keys_and_other_customers_are_apart(add, call, key, service, customer):
    stranger = make_key(make_customer(toman=10_000))
    first = add({"Idempotency-Key": "k-1"})
    assert add({"Idempotency-Key": "K-1"}) != first
    assert add({"Idempotency-Key": "k-1"}, key=stranger) != first
    assert Order.objects.count() == 3


def test_without_a_key_every_call_is_an_order(add):
    assert len({add()["order"] for _ in range(3)}) == 3
    assert IdempotencyKey.objects.count() == 0


@pytest.mark.parametrize("bad", ["k" * 256, "a\x01b"])
def test_a_key_that_cannot_be_stored_is_refused(add, ledger, bad):
    before = ledger()
    assert add({"Idempotency-Key": bad}) == {"error": "Incorrect request"}
    assert ledger() == before


def test_a_refused_call_uses_no_key_up(add):
    assert "error" in add({"Idempotency-Key": "k-1"}, quantity=5)
    assert "order" in add({"Idempotency-Key": "k-1"}, quantity=50)
