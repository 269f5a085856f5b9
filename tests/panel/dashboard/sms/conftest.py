"""A customer who may send: prices, a number to send from, and no report remembered from another test."""

import pytest

from sms.models import Package, SenderLine
from tests.panel.dashboard.conftest import (  # noqa: F401 - the same customers and browsers as for other pages
    _quick_passwords,
    browser,
    customer,
    persian,
    stranger,
    visitor,
)

LINE = "3000123456"


@pytest.fixture(autouse=True)
def package(db):
    return Package.objects.create(name="Default", persian_price=100, latin_price=200, is_default=True)


@pytest.fixture(autouse=True)
def line(db):
    return SenderLine.objects.create(number=LINE, advertising=False)
