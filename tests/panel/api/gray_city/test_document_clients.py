"""The document's own examples, with only host name, token and ids changed, over real HTTP to a web process."""

import pytest
import requests
from django.db import connection

from orders.models import Order
from panel.accounts.models import ApiToken
from panel.lib.tracking import make_tracking_id
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key
from tests.panel.api.gray_city.conftest import COMMENTS, EMAIL, PROFILE, VIDEO, make_services
from tests.panel.api.gray_city.test_create import show
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)
BASE_URL = "https://panel.example"


@pytest.fixture(scope="module")
def site(aparat, django_db_setup, django_db_blocker):
    """A running web process's address."""
    with django_db_blocker.unblock(), running_web(APARAT_URL=aparat, BASE_URL=BASE_URL) as web:
        connection.close()
        yield web.url


@pytest.fixture
def customer():
    return make_customer(toman=100_000, email=EMAIL)


@pytest.fixture
def headers(customer):
    token = make_key(customer, ApiToken.Contract.GRAY_CITY)
    return {"Authorization": f"Token {token}", "Content-Type": "application/json"}


def placed(**fields):
    """The answer to the newest order, with what the document puts around `fields`."""
    order = Order.objects.latest("pk")
    told = {"user": EMAIL, "status": "در صف⊷", "tracking_id": make_tracking_id(order.pk)}
    return fields | told | {"created": show(order.created)}


def check(answer, expected):
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.json() == expected


def test_token(site, customer, headers):
    request = requests.get(url=f"{site}/api/v2/user/token/", headers=headers, timeout=30)
    row = ApiToken.objects.get(customer=customer)
    expected = {
        "token": headers["Authorization"].removeprefix("Token "),
        "user": EMAIL,
        "created": show(row.created),
        "last_used": show(row.last_used_at),
    }
    check(request, expected)


def test_info(site, headers):
    request = requests.get(url=f"{site}/api/v2/user/info/", headers=headers, timeout=30)
    check(request, {"user": EMAIL, "balance": 100_000, "orders": 0})


def test_categories(site, headers):
    services = make_services()
    request = requests.get(url=f"{site}/api/v2/categories/", headers=headers, timeout=30)
    results = [{"id": service.pk, "title": service.name} for service in services.values()]
    check(request, {"count": 7, "next": None, "previous": None, "results": results})
    query = {"page": 2, "page_size": 3}
    request = requests.get(f"{site}/api/v2/categories/", params=query, headers=headers, timeout=30)
    pages = [f"{BASE_URL}/api/v2/categories/?page={page}&page_size=3" for page in (3, 1)]
    check(request, {"count": 7, "next": pages[0], "previous": pages[1], "results": results[3:6]})


@pytest.mark.parametrize("path", ["/api/v2/order/create/", "/api/order/create/"])
@pytest.mark.parametrize("kind", ["like", "view"])
def test_like_and_view(site, customer, headers, path, kind):
    """The document sends `data=`: a form under a header that says JSON."""
    data = {"category": make_services()[kind].pk, "link": VIDEO, "count": 50}
    for body in ({"data": data}, {"json": data}):
        request = requests.post(url=site + path, headers=headers, timeout=30, **body)
        check(request, placed(category=data["category"], link=VIDEO) | {"count": 50})
    assert read_balance(customer.pk) == 100_000 - 2 * {"like": 100, "view": 50}[kind]


@pytest.mark.parametrize("path", ["/api/v2/order/create/", "/api/order/create/"])
def test_comment(site, customer, headers, path):
    data = {"category": make_services()["comment"].pk, "link": VIDEO, "comment": COMMENTS, "count": 4}
    for body in ({"data": data}, {"json": data}):
        request = requests.post(url=site + path, headers=headers, timeout=30, **body)
        check(request, placed(category=data["category"], link=VIDEO) | {"comments": COMMENTS})
    assert read_balance(customer.pk) == 100_000 - 2 * 200


def test_watch_time(site, customer, headers):
    data = {"category": make_services()["watch_time"].pk, "link": VIDEO, "count": 5}
    url = f"{site}/api/order/watch-time/create/"
    check(
        requests.post(url, json=data, headers=headers, timeout=30),
        placed(category=data["category"], link=VIDEO),
    )
    short = requests.post(
        url, json=data | {"link": "https://www.aparat.com/v/short1"}, headers=headers, timeout=30
    )
    words = {"detail": "تایم ویدیو کمتر از مقدار گفته شده میباشد"}
    assert (short.status_code, short.json()) == (400, words)
    assert read_balance(customer.pk) == 100_000 - 4_500


@pytest.mark.parametrize(
    ("path", "kind", "charge"),
    [("follower/create/", "follower", 3_000), ("follower-pro/create/", "follower_pro", 6_000)],
)
def test_follower(site, customer, headers, path, kind, charge):
    data = {"product": make_services()[kind].pk, "link": PROFILE}
    request = requests.post(f"{site}/api/order/{path}", json=data, headers=headers, timeout=30)
    check(request, placed(product=data["product"], link=PROFILE))
    assert read_balance(customer.pk) == 100_000 - charge


def test_ads(site, customer, headers):
    data = {"product": make_services()["ads"].pk, "description": "Ads Description"}
    request = requests.post(f"{site}/api/order/ads/create/", json=data, headers=headers, timeout=30)
    check(request, placed(product=data["product"]) | {"description": "Ads Description"})
    assert read_balance(customer.pk) == 30_000


def test_tracking(site, headers):
    data = {"category": make_services()["view"].pk, "link": VIDEO, "count": 50}
    order = requests.post(f"{site}/api/order/create/", json=data, headers=headers, timeout=30).json()
    Order.objects.update(status="completed", start_count=100)
    url = f"{site}/api/order/tracking/?tracking_id={order['tracking_id']}"
    expected = {
        "Type": "view",
        "link": VIDEO,
        "status": "Done",
        "initialize_count": 100,
        "uniq_id": order["tracking_id"],
        "date": order["created"],
    }
    check(requests.get(url, headers=headers, timeout=30), expected)


def test_a_wrong_token(site):
    answer = requests.get(f"{site}/api/v2/user/info/", headers={"Authorization": "Token x"}, timeout=30)
    assert (answer.status_code, answer.json()) == (403, {"detail": "توکن نامعتبر است"})


def test_a_body_of_three_megabytes(site, headers):
    answer = requests.post(f"{site}/api/order/create/", b"x" * 3_000_000, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()) == (413, {"detail": "حجم درخواست بیش از حد مجاز است"})
