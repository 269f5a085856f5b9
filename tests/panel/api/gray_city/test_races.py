"""Calls at the same moment, over real HTTP to real web processes, on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connection

from orders.models import IdempotencyKey, Order, OrderEvent
from panel.accounts.models import ApiToken
from panel.lib.tracking import read_tracking_id
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key
from tests.panel.api.gray_city.conftest import COMMENTS, CREATE, VIDEO, make_services
from tests.running import running_web
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
POOR = (403, {"detail": "موجودی کافی نیست"})
AT_ONCE = 8


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker):
    """The address of two web processes of four threads, for all tests here."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield web.url


class Buyer:
    """A customer with some toman who orders likes at 2 and comments at 50 toman."""

    def __init__(self, address, toman):
        self.url = address + CREATE
        self.customer = make_customer(toman=toman)
        self.services = make_services()
        self.headers = {"Authorization": f"Token {make_key(self.customer, ApiToken.Contract.GRAY_CITY)}"}

    def order(self, kind, idempotency_key=None, **fields):
        headers = self.headers | ({"Idempotency-Key": idempotency_key} if idempotency_key else {})
        body = {"category": self.services[kind].pk, "link": VIDEO} | fields
        answer = requests.post(self.url, json=body, headers=headers, timeout=60)
        return answer.status_code, answer.json()

    def check_books(self, orders, balance):
        """So many orders, each with its one charge and its event, and a wallet that holds the rest."""
        placed = sorted(Order.objects.filter(customer=self.customer).values_list("pk", flat=True))
        assert len(placed) == orders
        keys = Transfer.objects.filter(kind="charge", debit__owner=self.customer)
        assert sorted(keys.values_list("key", flat=True)) == sorted(f"order:{pk}:charge" for pk in placed)
        assert sorted(OrderEvent.objects.filter(kind="placed").values_list("order_id", flat=True)) == placed
        assert read_balance(self.customer.pk) == balance
        return placed


def read_ids(answers):
    return sorted(read_tracking_id(body["tracking_id"]) for status, body in answers if status == 200)


def test_sixty_orders_at_once_on_a_wallet_for_five(address):
    buyer = Buyer(address, 1_000)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: buyer.order("like", count=100), range(60)))
    assert read_ids(answers) == buyer.check_books(orders=5, balance=0)
    assert [answer for answer in answers if answer[0] != 200] == [POOR] * 55


def test_likes_and_comments_at_once_on_a_wallet_for_five(address):
    buyer = Buyer(address, 1_050)
    works = [lambda: buyer.order("like", count=100), lambda: buyer.order("comment", comment=COMMENTS)]
    answers = run_together(*works * (AT_ONCE // 2))
    assert read_ids(answers) == buyer.check_books(orders=5, balance=50)
    assert [answer for answer in answers if answer[0] != 200] == [POOR] * 3


def test_one_idempotency_key_at_the_same_moment_is_one_order(address):
    buyer = Buyer(address, 2_000)
    for turn in range(10):
        works = [lambda turn=turn: buyer.order("like", f"k{turn}", count=100)] * 4
        answers = run_together(*works)
        assert answers == [answers[0]] * 4
        assert answers[0][0] == 200
    buyer.check_books(orders=10, balance=0)
    assert IdempotencyKey.objects.filter(customer=buyer.customer).count() == 10


def test_one_idempotency_key_at_the_same_moment_for_the_last_money(address):
    for _ in range(10):
        buyer = Buyer(address, 200)
        answers = run_together(*[lambda buyer=buyer: buyer.order("like", "last", count=100)] * 4)
        assert answers == [answers[0]] * 4
        assert read_ids(answers[:1]) == list(
            Order.objects.filter(customer=buyer.customer).values_list("pk", flat=True)
        )
        assert read_balance(buyer.customer.pk) == 0
