"""What is open and what is closed while staff act as a customer, and that all of it is written down."""

import pytest
from django.urls import get_resolver

from orders.models import WebhookEndpoint
from orders.services import place_order
from panel.accounts.models import ApiToken, Customer
from panel.dashboard import acting as rules
from panel.staff.roles import SUPPORT
from panel.wallet.ledger import read_balance
from panel.wallet.models import Payment
from tests.factories import make_customer, make_service
from tests.panel.staff.steps import act_as, enter_as, written

pytestmark = pytest.mark.django_db
ALWAYS = {"end_acting", "logout"}


@pytest.fixture
def customer():
    return make_customer(toman=70_000, username="sara")


@pytest.fixture
def support(customer):
    browser = enter_as(SUPPORT, username="helper")
    act_as(browser, customer)
    return browser


def test_every_page_of_the_dashboard_is_open_or_closed_by_name():
    """A new page has to be named in panel/dashboard/acting.py: until then it is closed."""
    names = {
        key for key in get_resolver().namespace_dict["dashboard"][1].reverse_dict if isinstance(key, str)
    }
    listed = [*rules.SEEN, *rules.USED, *rules.CLOSED]
    assert names - ALWAYS == set(listed)
    assert len(listed) == len(set(listed))


CLOSED = [
    ("/orders/new/", {"service": "1", "link": "https://x.example/a", "quantity": "10"}),
    ("/orders/mass/", {"orders": "1|https://x.example/a|10"}),
    ("/wallet/pay/", {"amount": "20000"}),
    ("/wallet/coupon/", {"code": "GIFT"}),
    ("/api-keys/new/", {"contract": "standard", "name": "mine"}),
    ("/webhooks/", {"url": "https://x.example/hook", "topics": "orders"}),
    ("/mobile/", {"code": "12345"}),
    ("/mobile/code/", {"mobile": "09121112233"}),
    ("/sms/send/", {"text": "x", "numbers": "09121112233"}),
    ("/campaigns/new/", {"url": "https://instagram.com/p/x/"}),
    ("/shop/1/buy/", {}),
    ("/shop/codes/1/show/", {}),
    ("/rewards/spin/", {}),
    ("/rewards/credit/", {}),
    ("/login/", {"username": "sara", "password": "x"}),
]


@pytest.mark.parametrize(("path", "data"), CLOSED)
def test_what_is_the_customers_own_is_closed_and_the_attempt_is_kept(support, customer, path, data):
    make_service(pk=1)
    before = Customer.objects.filter(pk=customer.pk).values().get()
    answer = support.post(path, data)
    assert (answer.status_code, "Closed while you act" in answer.content.decode()) == (403, True)
    assert read_balance(customer.pk) == 70_000
    counts = [model.objects.count() for model in (ApiToken, WebhookEndpoint, Payment)]
    assert (counts, Customer.objects.filter(pk=customer.pk).values().get()) == ([0, 0, 0], before)
    assert written("action", "acting_as", "staff_name")[-1] == ("refused", customer.pk, "helper")


@pytest.mark.parametrize("path", ["/api-keys/new/", "/mobile/", "/orders/mass/", "/earn/", "/r/abc/"])
def test_closed_pages_are_not_shown_either(support, path):
    assert support.get(path).status_code == 403


def test_pages_outside_the_dashboard_that_log_people_in_are_closed(support):
    assert support.get("/users/auth/instagram/").status_code == 403


def test_what_is_open_is_done_as_the_customer_and_written_down_first(support, customer):
    service = make_service(cancel=True)
    values = {"link": "https://instagram.com/p/abc", "quantity": "10"}
    order_id = place_order(customer.pk, "dashboard", service.pk, values).order_id
    support.post(f"/orders/{order_id}/cancel/")
    assert read_balance(customer.pk) == 70_000
    row = written("action", "words", "path", "acting_as", "customer", "staff_name")[-1]
    path = f"/orders/{order_id}/cancel/"
    assert row == ("request", "dashboard:cancel_order", path, customer.pk, customer.pk, "helper")


def test_looking_at_pages_writes_no_rows(support):
    before = written("id")
    for path in ("/", "/orders/", "/wallet/", "/tickets/"):
        assert support.get(path).status_code == 200
    assert written("id") == before


def test_the_reason_stands_with_the_beginning(support, customer):
    rows = written("action", "reason", "customer", "acting_as")
    assert ("act", "asked for help", customer.pk, None) in rows


def test_the_staffs_choice_of_language_is_not_the_customers(support, customer):
    support.post("/language/", {"language": "fa", "next": "/"})
    customer.refresh_from_db()
    assert (customer.language, support.cookies["language"].value) == ("en", "fa")


def test_other_customers_rows_stay_out_of_reach(support):
    service, other = make_service(), make_customer(toman=70_000)
    values = {"link": "https://instagram.com/p/abc", "quantity": "10"}
    order_id = place_order(other.pk, "dashboard", service.pk, values).order_id
    assert support.get(f"/orders/{order_id}/").status_code == 404
