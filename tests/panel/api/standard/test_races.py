"""Calls at the same moment, over real HTTP to real web processes, on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connection

from orders.models import IdempotencyKey, Order, OrderEvent
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.standard.conftest import LINK
from tests.running import running_web
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
POOR = {"error": "Not enough funds on balance"}
AT_ONCE = 8


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker):
    """The API's address at two web processes of four threads, for all tests here."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield f"{web.url}/api/v2"


@pytest.fixture
def shop(address):
    """`shop(toman)` is a customer with that much and a service at 2 toman a piece, to be called over HTTP."""
    return lambda toman: Shop(address, toman)


class Shop:
    def __init__(self, address, toman):
        self.address = address
        self.customer = make_customer(toman=toman)
        self.key = make_key(self.customer)
        self.service = make_service()

    def add(self, quantity=100, idempotency_key=None):
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        values = {"key": self.key, "action": "add"} | self.entry(quantity)
        return self.post(data=values, headers=headers)

    def add_many(self, quantities, idempotency_key=None):
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        entries = [self.entry(quantity) for quantity in quantities]
        return self.post(json={"key": self.key, "action": "orders", "orders": entries}, headers=headers)

    def cancel(self, order):
        return self.post(data={"key": self.key, "action": "cancel", "orders": order})

    def entry(self, quantity):
        return {"service": self.service.pk, "link": LINK, "quantity": quantity}

    def post(self, **call):
        answer = requests.post(self.address, timeout=60, **call)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def placed(self):
        return list(Order.objects.filter(customer=self.customer).order_by("id").values_list("pk", flat=True))

    def check_books(self, orders, balance):
        """So many orders, each with its one charge, its event, and a wallet that holds the rest."""
        placed = self.placed()
        assert len(placed) == orders
        keys = Transfer.objects.filter(kind="charge", debit__owner=self.customer).values_list(
            "key", flat=True
        )
        assert sorted(keys) == sorted(f"order:{pk}:charge" for pk in placed)
        events = OrderEvent.objects.filter(kind="placed", order__customer=self.customer)
        assert sorted(events.values_list("order_id", flat=True)) == placed
        assert read_balance(self.customer.pk) == balance


def test_sixty_orders_at_once_on_a_wallet_for_five(shop):
    buyer = shop(1_000)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: buyer.add(), range(60)))
    buyer.check_books(orders=5, balance=0)
    assert sorted(a["order"] for a in answers if "order" in a) == buyer.placed()
    assert [a for a in answers if "order" not in a] == [POOR] * 55


def test_bulk_and_single_calls_at_once_on_a_wallet_for_seven(shop):
    buyer = shop(1_450)
    works = [lambda: [buyer.add()], lambda: buyer.add_many([100] * 4)] * (AT_ONCE // 2)
    answers = [answer for answers in run_together(*works) for answer in answers]
    buyer.check_books(orders=7, balance=50)
    assert sorted(a["order"] for a in answers if "order" in a) == buyer.placed()
    assert [a for a in answers if "order" not in a] == [POOR] * (len(answers) - 7)


def test_bulk_calls_at_once_spend_to_the_last_toman(shop):
    buyer = shop(6_000)
    run_together(*[lambda: buyer.add_many([300, 10, 200, 40, 50])] * AT_ONCE)
    spent = sum(Order.objects.filter(customer=buyer.customer).values_list("charge", flat=True))
    buyer.check_books(orders=len(buyer.placed()), balance=6_000 - spent)
    assert 6_000 - spent < 20  # less than the cheapest of them costs


def test_one_idempotency_key_at_the_same_moment_is_one_order(shop):
    buyer = shop(1_000_000)
    for turn in range(20):
        answers = run_together(*[lambda turn=turn: buyer.add(idempotency_key=f"k{turn}")] * 4)
        assert answers == [{"order": buyer.placed()[-1]}] * 4
    buyer.check_books(orders=20, balance=1_000_000 - 20 * 200)
    assert IdempotencyKey.objects.filter(customer=buyer.customer).count() == 20


def test_one_idempotency_key_at_the_same_moment_for_the_last_money(shop):
    """The second call finds the wallet empty, because the first has just spent it on this very order."""
    for _ in range(15):
        buyer = shop(200)
        answers = run_together(*[lambda buyer=buyer: buyer.add(idempotency_key="last")] * 4)
        buyer.check_books(orders=1, balance=0)
        assert answers == [{"order": buyer.placed()[0]}] * 4


def test_one_idempotency_key_of_bulk_calls_at_the_same_moment(shop):
    for toman in (10_000, 600):
        for _ in range(6):
            buyer = shop(toman)
            calls = run_together(*[lambda buyer=buyer: buyer.add_many([100, 150, 50], "bulk")] * 3)
            buyer.check_books(orders=3, balance=toman - 600)
            assert calls == [[{"order": pk} for pk in buyer.placed()]] * 3


def test_one_idempotency_key_with_two_bodies_at_the_same_moment(shop):
    buyer = shop(1_000_000)
    reused = {"error": "Idempotency key reused"}
    for turn in range(12):
        works = [lambda q=q, turn=turn: buyer.add(q, f"torn{turn}") for q in (100, 200)]
        answers = run_together(*works)
        assert sorted(answers, key=str) == sorted([{"order": buyer.placed()[-1]}, reused], key=str)
    assert len(buyer.placed()) == 12


def test_canceling_twice_at_once_refunds_once(shop):
    buyer = shop(10_000)
    disabled = {"error": "Cancel is disabled for this order"}
    for _ in range(12):
        order = buyer.add()["order"]
        answers = run_together(*[lambda order=order: buyer.cancel(order)] * 3)
        told = sorted((answer[0]["cancel"] for answer in answers), key=str)
        assert told == [1, disabled, disabled]
    assert read_balance(buyer.customer.pk) == 10_000
    assert Transfer.objects.filter(kind="refund").count() == 12


def test_placing_and_canceling_at_once_keep_the_books(shop):
    buyer = shop(2_000)

    def churn():
        return [
            buyer.cancel(answer["order"]) for answer in (buyer.add() for _ in range(6)) if "order" in answer
        ]

    run_together(*[churn] * AT_ONCE)
    assert set(Order.objects.values_list("status", "refunded")) == {("canceled", 200)}
    assert read_balance(buyer.customer.pk) == 2_000
    placed = Order.objects.count()
    kinds = dict.fromkeys(("charge", "refund"), placed)
    assert {kind: Transfer.objects.filter(kind=kind).count() for kind in kinds} == kinds
