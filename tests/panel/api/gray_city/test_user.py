"""What a token tells of itself and its customer."""

from datetime import UTC, datetime

from django.db import connection

from orders.models import Order
from orders.parts.making import make_part
from orders.services import place_order
from panel.accounts.models import ApiToken
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.gray_city.conftest import DESKS, EMAIL, VIDEO, client

TOKEN, INFO = "/api/v2/user/token/", "/api/v2/user/info/"


def test_token(get, token):
    made, used = datetime(2024, 1, 10, 14, 48, 14, tzinfo=UTC), datetime(2024, 1, 10, 20, 30, tzinfo=UTC)
    get(TOKEN)  # the first call of a minute notes the last use
    ApiToken.objects.update(created=made, last_used_at=used)
    expected = {
        "token": token,
        "user": EMAIL,
        "created": "2024-01-10 18:18:14",
        "last_used": "2024-01-11 00:00:00",
    }
    for path in (TOKEN, TOKEN.rstrip("/")):
        status, answer = get(path)
        assert (status, answer, list(answer)) == (200, expected, list(expected))


def test_nobody_keeps_an_answer_that_holds_a_token(token):
    answer = client.get(TOKEN, headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_the_first_call_is_the_last_use(get):
    answer = get(TOKEN)[1]
    used = datetime.strptime(f"{answer['last_used']} +0330", "%Y-%m-%d %H:%M:%S %z")
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', now())")  # the same throughout the test's transaction
        assert used == cursor.fetchone()[0]


def test_info(get, order, customer):
    order(DESKS[0])
    other = make_customer(toman=5_000)
    for owner in (customer, other):
        place_order(owner.pk, "standard", make_service().pk, {"link": VIDEO, "quantity": 10})
    expected = {"user": EMAIL, "balance": 1_000_000 - 100 - 20, "orders": 2}
    for path in (INFO, INFO.rstrip("/")):
        status, answer = get(path)
        assert (status, answer, list(answer)) == (200, expected, list(expected))


def test_info_counts_an_order_in_parts_once(get, customer):
    values = {"link": VIDEO, "quantity": 10, "runs": 2, "interval": 5}
    placed = place_order(customer.pk, "standard", make_service(dripfeed=True).pk, values)
    parent = Order.objects.get(pk=placed.order_id)
    make_part(parent, VIDEO, 10)
    assert get(INFO)[1]["orders"] == 1


def test_info_of_a_customer_without_email_wallet_and_orders(get):
    key = make_key(make_customer(username="shop-8"), ApiToken.Contract.GRAY_CITY)
    assert get(INFO, token=key) == (200, {"user": "shop-8", "balance": 0, "orders": 0})


def test_read_only_and_blocked_callers_may_look(get, customer):
    ApiToken.objects.update(scopes=["read"])
    customer.order_block = "chargeback"
    customer.save()
    assert (get(INFO)[0], get(TOKEN)[0]) == (200, 200)
