"""A client written for the document, over real HTTP to real web processes: each operation, and calls at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from django.db import connection
from django.db.models import F

from orders.models import Order, Refill, TrialOrder
from panel.accounts.models import ApiToken
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.happy_follower.conftest import BAD_TOKEN, DONE, LINK, error
from tests.running import running_web
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
POOR = (403, error("اعتبار کافی نیست"))
AT_ONCE = 8


@pytest.fixture(scope="module")
def host(django_db_setup, django_db_blocker):
    """The address of two web processes of four threads."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield web.url


class DocumentClient:
    """Calls just as the document has them; only the host is ours."""

    def __init__(self, api_url, api_key):
        self.api_url = api_url
        self.api_key = api_key

    def authenticate(self):
        headers = {"Authorization": f"Bearer {self.api_key}"}
        told = self.read(requests.get(f"{self.api_url}/auth", headers=headers, timeout=60))[1]
        self.refresh_token, self.token = told["refreshToken"], told["token"]
        return told

    def refresh(self):
        headers = {"refresh-token": f"Bearer {self.refresh_token}", "old-token": f"Bearer {self.token}"}
        return self.read(requests.get(f"{self.api_url}/ref-auth", headers=headers, timeout=60))

    def get(self, path):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.read(requests.get(f"{self.api_url}/{path}", headers=headers, timeout=60))

    def post(self, path, values, key=None, **kind):
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        call = {"json": values} if kind.get("as_json") else {"data": values}
        return self.read(requests.post(f"{self.api_url}/{path}", headers=headers, timeout=60, **call))

    def read(self, answer):
        assert answer.headers["Content-Type"] == "application/json", answer.text
        assert answer.history == []
        return answer.status_code, answer.json()


@pytest.fixture
def customer():
    return make_customer(toman=1_000)


@pytest.fixture
def service():
    return make_service(name="لایک ایرانی(سرعت متوسط)")


@pytest.fixture
def real(host, customer):
    return DocumentClient(f"{host}/api/v1", make_key(customer, "happy_follower"))


@pytest.fixture
def trial(host, customer):
    return DocumentClient(f"{host}/api/sandbox/v1", make_key(customer, "happy_follower"))


def describe(status, title, **counts):
    told = {"remain": 100, "oldCount": 0, "count": 100, "cost": 200} | counts
    return DONE | {"status": status, "statusTitle": title} | told | {"link": LINK}


def check_tokens(client):
    """`auth` and `ref-auth` as documented; the client goes on with the new token."""
    told = client.authenticate()
    assert list(told) == ["operation", "refreshToken", "token"]
    old = client.token
    status, renewed = client.refresh()
    assert (status, list(renewed), renewed["operation"]) == (200, ["operation", "token"], "success")
    assert client.get("credit/") == (401, BAD_TOKEN)
    client.token = renewed["token"]
    assert old != client.token


@pytest.mark.parametrize("as_json", [False, True], ids=["form", "json"])
def test_a_journey_with_money(real, customer, service, as_json):
    check_tokens(real)
    listed = [{"serviceId": service.pk, "name": "لایک ایرانی(سرعت متوسط)"}]
    assert real.get("services") == (200, DONE | {"services": listed})
    body = {"serviceId": service.pk, "link": LINK, "count": 100}
    status, told = real.post("order", body, as_json=as_json)
    order = Order.objects.get()
    assert (status, told) == (200, DONE | {"orderId": order.pk})
    assert real.get("credit/") == (200, DONE | {"credit": 800})
    assert real.get(f"status/{order.pk}/") == (200, describe("registered", "در انتظار"))
    assert real.post("recheck", {"orderId": order.pk}, as_json=as_json) == (200, DONE)
    assert real.post("recheck", {"orderId": order.pk}, as_json=as_json)[0] == 429
    assert real.post("cancel", {"orderId": order.pk}, as_json=as_json) == (200, DONE)
    assert real.get(f"status/{order.pk}/") == (200, describe("canceled", "لغو شده", cost=0))
    assert real.post("cancel", {"orderId": order.pk}) == (409, error("این سفارش دیگر قابل لغو نیست"))
    assert real.get("credit/") == (200, DONE | {"credit": 1_000})
    assert (read_balance(customer.pk), Refill.objects.count()) == (1_000, 0)


@pytest.mark.parametrize("as_json", [False, True], ids=["form", "json"])
def test_a_journey_without(trial, real, customer, service, as_json):
    check_tokens(trial)
    listed = [{"serviceId": service.pk, "name": "لایک ایرانی(سرعت متوسط)"}]
    assert trial.get("services") == (200, DONE | {"services": listed})
    body = {"serviceId": service.pk, "link": LINK, "count": 100}
    status, told = trial.post("order", body, as_json=as_json)
    order = TrialOrder.objects.get()
    assert (status, told) == (200, DONE | {"orderId": order.pk})
    seen = []
    for _ in range(3):
        seen.append(trial.get(f"status/{order.pk}/"))
        TrialOrder.objects.update(created=F("created") - timedelta(seconds=30))
    assert seen == [
        (200, describe("registered", "در انتظار")),
        (200, describe("doing", "در حال انجام", remain=50, oldCount=1_000)),
        (200, describe("done", "انجام شده", remain=0, oldCount=1_000)),
    ]
    assert trial.get("credit/") == (200, DONE | {"credit": 1_000_000})
    nowhere = (404, error("نشانی درخواست یافت نشد"))
    for path in ("cancel", "recheck"):
        assert trial.post(path, {"orderId": order.pk}) == nowhere
    assert (read_balance(customer.pk), Order.objects.count()) == (1_000, 0)
    real.authenticate()
    assert real.get(f"status/{order.pk}/") == (404, error("سفارشی با این شناسه یافت نشد"))


def test_sixty_orders_at_once_on_a_wallet_for_five(real, customer, service):
    real.authenticate()
    body = {"serviceId": service.pk, "link": LINK, "count": 100}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: real.post("order", body), range(60)))
    placed = list(Order.objects.order_by("id").values_list("pk", flat=True))
    assert (len(placed), read_balance(customer.pk)) == (5, 0)
    keys = Transfer.objects.filter(kind="charge").values_list("key", flat=True)
    assert sorted(keys) == sorted(f"order:{pk}:charge" for pk in placed)
    assert sorted(told["orderId"] for status, told in answers if status == 200) == placed
    assert [answer for answer in answers if answer[0] != 200] == [POOR] * 55


def test_one_idempotency_key_at_once_is_one_order(real, customer, service):
    real.authenticate()
    body = {"serviceId": service.pk, "link": LINK, "count": 100}
    for turn in range(5):
        answers = run_together(*[lambda turn=turn: real.post("order", body, key=f"k{turn}")] * 4)
        assert answers == [(200, DONE | {"orderId": Order.objects.latest("id").pk})] * 4
    assert (Order.objects.count(), read_balance(customer.pk)) == (5, 0)


def test_renewing_at_once_gives_one_new_token(real):
    real.authenticate()
    answers = run_together(*[real.refresh] * 6)
    won = [told for status, told in answers if status == 200]
    assert [answer for answer in answers if answer[0] != 200] == [(401, BAD_TOKEN)] * 5
    assert [list(told) for told in won] == [["operation", "token"]]
    assert ApiToken.objects.filter(use="access", revoked_at=None).count() == 1
    real.token = won[0]["token"]
    assert real.get("credit/") == (200, DONE | {"credit": 1_000})


def test_canceling_at_once_refunds_once(real, customer, service):
    real.authenticate()
    body = {"serviceId": service.pk, "link": LINK, "count": 100}
    order_id = real.post("order", body)[1]["orderId"]
    answers = run_together(*[lambda: real.post("cancel", {"orderId": order_id})] * 4)
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert (read_balance(customer.pk), Transfer.objects.filter(kind="refund").count()) == (1_000, 1)
