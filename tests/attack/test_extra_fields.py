"""Fields that nobody asked for, in every form and every call: what they name stays as it was."""

import pytest
from django.test import Client

from orders.models import Order
from panel.accounts.models import Customer
from panel.wallet.models import Account
from tests.attack.addresses import list_pages
from tests.attack.calls import list_samples, make_secrets
from tests.attack.possessions import MARK
from tests.attack.reading import GOOD, find_fields
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
WORDS = {
    "balance": "999999999",
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "0",
    "discount": "100",
    "level_discount": "100",
    "mobile_verified": "1",
    "charge": "0",
    "refunded": "1",
    "cost": "0",
    "price": "0",
    "rate": "0",
    "customer": None,  # somebody else's id
    "customer_id": None,
    "owner": None,
    "uid": None,
    "user": None,
    "status": "completed",
    "state": "paid",
    "forwarding": "refused",
    "order_block": "blocked",
    "scopes": "",
    "groups": "1",
    "user_permissions": "1",
    "id": "1",
    "pk": "1",
    "username": "taken-over",
}
# Pages on which the customer is somebody else afterwards, or has no session.
LEFT_OUT = {"logout", "end_others", "end_session"}
GUARDED = ("is_staff", "is_superuser", "is_active", "discount", "level_discount", "order_block", "username")


def look(customer, other):
    """What no form and no call may write: who somebody is, what others have, and orders that were finished."""
    person = Customer.objects.filter(pk=customer.pk).values_list(*GUARDED).get()
    rights = customer.groups.count() + customer.user_permissions.count()
    others = Account.objects.filter(owner=other).values_list("balance", flat=True).first()
    return person, rights, others, Order.objects.filter(customer=other).count()


def count_gifts(customer):
    """Toman that came from nowhere but the forms."""
    return Account.objects.filter(owner=customer, currency="toman").values_list("balance", flat=True).first()


@pytest.fixture
def other(db):
    return make_customer(toman=500)


def test_extra_fields_of_forms_change_nothing_else(theirs, other):
    customer = Customer.objects.get(first_name=MARK)
    browser = Client(raise_request_exception=False)
    browser.force_login(customer)
    extra = {name: str(other.pk) if value is None else value for name, value in WORDS.items()}
    before, money = look(customer, other), count_gifts(customer)
    good = GOOD | {"service": str(theirs["service_id"])}
    for page in list_pages():
        if page.name in LEFT_OUT:
            continue
        path = page.fill(theirs)
        fields = find_fields(browser, "post", path, good)
        sent = extra | {name: good.get(name, "1") for name in fields}
        assert browser.post(path, sent).status_code < 500, path
        assert look(customer, other) == before, path
    assert count_gifts(customer) <= money + 1_000  # what rewards may give


def test_extra_fields_of_calls_change_nothing_else(db, settings, sandbox, other):
    settings.API_CALLS_PER_MINUTE = {0: 1_000_000}
    settings.SANDBOX_URL, settings.ZARINPAL_URL = sandbox.url, f"{sandbox.url}/bank"
    customer = make_customer(toman=100_000)
    extra = {name: other.pk if value is None else value for name, value in WORDS.items()}
    secrets = {}
    before = look(customer, other)
    for sample in list_samples():
        if sample.slug not in secrets:
            secrets[sample.slug] = make_secrets(sample.slug, customer)
        answer = sample.send(secrets[sample.slug], extra=extra)
        assert answer.status_code < 500, sample
        assert look(customer, other) == before, sample
    assert count_gifts(customer) <= 100_000 + 1_000
