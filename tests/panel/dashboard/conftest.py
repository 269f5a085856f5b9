"""A customer with money, and browsers: the customer's own, a stranger's, and one nobody is logged in with."""

import pytest
from django.test import Client

from tests.factories import make_customer, make_service

PASSWORD = "right-one"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hashing is slow on purpose; the pages don't care by which function."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def open_browser(customer=None, language="en"):
    """A browser with that language, logged in as the customer."""
    browser = Client()
    browser.cookies["language"] = language
    if customer is not None:
        browser.force_login(customer)
    return browser


@pytest.fixture
def customer(db):
    row = make_customer(toman=100_000, email="Sara@example.com", first_name="Sara")
    row.set_password(PASSWORD)
    row.save()
    return row


@pytest.fixture
def browser(customer):
    return open_browser(customer)


@pytest.fixture
def persian(customer):
    return open_browser(customer, "fa")


@pytest.fixture
def stranger(db):
    """The browser of another customer."""
    return open_browser(make_customer(toman=50_000))


@pytest.fixture
def visitor(db):
    return open_browser()


@pytest.fixture
def service(db):
    return make_service()
