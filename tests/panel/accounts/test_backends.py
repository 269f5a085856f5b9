"""Who is meant by a login name."""

import pytest
from django.contrib.auth import authenticate

from panel.accounts.backends import find_customer
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    row = make_customer(username="sara", mobile="+989121112233", email="Sara@example.com")
    row.set_password("right-one")
    row.save()
    return row


@pytest.mark.parametrize(
    "login", ["sara", " sara ", "09121112233", "۰۹۱۲۱۱۱۲۲۳۳", "+98 912 111 2233", "sara@EXAMPLE.com"]
)
def test_every_name_of_a_customer(customer, login):
    assert find_customer(login) == customer
    assert authenticate(None, username=login, password="right-one") == customer


@pytest.mark.parametrize("login", ["", "nobody", "Sara", "09120000000", "sara@example.org", "%", "s_ra"])
def test_no_name_of_a_customer(customer, login):
    assert find_customer(login) is None


def test_the_wrong_password_and_the_locked_stay_outside(customer):
    assert authenticate(None, username="sara", password="wrong") is None
    assert authenticate(None, username="sara", password=None) is None
    assert authenticate(None, username="nobody", password="right-one") is None
    customer.is_active = False
    customer.save()
    assert authenticate(None, username="sara", password="right-one") is None


@pytest.mark.parametrize("name", ["09121112233", "sara@example.com"])
def test_a_username_never_wins_over_the_owner_of_a_number_or_address(customer, name):
    make_customer(username=name)
    assert find_customer(name) == customer


def test_one_whose_username_is_their_own_number():
    row = make_customer(username="09129998877", mobile="+989129998877")
    assert find_customer("09129998877") == row
