"""API tokens: shown once, stored as a digest, ended for good."""

import pytest
from django.db import IntegrityError, transaction

from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import issue_token, revoke_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
STANDARD = ApiToken.Contract.STANDARD


@pytest.fixture
def customer():
    return make_customer()


def test_only_the_digest_is_stored(customer):
    row, token = issue_token(customer, STANDARD, name="shop")
    row.refresh_from_db()
    assert (bytes(row.digest), row.prefix, row.name) == (digest_token(token), token[:6], "shop")
    values = ApiToken.objects.values().get(pk=row.pk)
    assert [name for name, value in values.items() if value == token] == []


def test_every_token_is_another(customer):
    assert len({issue_token(customer, STANDARD)[1] for _ in range(20)}) == 20


def test_a_known_text_gives_its_row_again(customer):
    first = issue_token(customer, STANDARD, token="known")
    assert issue_token(customer, STANDARD, token="known") == first
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_keeps_the_time_it_ended(customer):
    row, _ = issue_token(customer, STANDARD)
    revoke_token(row)
    row.refresh_from_db()
    ended = row.revoked_at
    revoke_token(row)
    row.refresh_from_db()
    assert ended is not None
    assert row.revoked_at == ended


@pytest.mark.parametrize("discount", [101, 1000])
def test_a_discount_is_at_most_the_whole_price(customer, discount):
    with pytest.raises(IntegrityError, match="customer_discount_percent"), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(discount=discount)


def test_an_email_is_one_customer_s_in_any_case(customer):
    make_customer(email="A@example.com")
    with pytest.raises(IntegrityError, match="customer_email_unique"), transaction.atomic():
        make_customer(email="a@EXAMPLE.com")


def test_many_customers_have_no_email_and_no_mobile():
    rows = [make_customer(email=None, mobile=None) for _ in range(2)]
    assert Customer.objects.filter(pk__in=[row.pk for row in rows], email=None, mobile=None).count() == 2
