"""The caller's account as this contract tells it."""

from datetime import UTC, datetime

from panel.accounts.models import Customer
from tests.panel.api.sms_rest.conftest import done, make_account


def test_credit(caller):
    assert caller.get("my/credit") == done({"status": 0, "value": 1_000})


def test_a_profile_of_whom_nothing_is_known(caller):
    Customer.objects.update(created=datetime(2027, 1, 1, 20, 30, tzinfo=UTC))
    details = dict.fromkeys(
        ("fullname", "company", "date", "fax", "mellicode", "shenasname", "addr", "postcode"), ""
    )
    assert caller.get("my") == done({"status": 0, "details": details | {"date": "2027-01-02 00:00:00"}})


def test_a_whole_profile(caller, customer):
    Customer.objects.update(first_name="سارا", last_name="احمدی", created=datetime(2027, 1, 1, tzinfo=UTC))
    make_account(
        customer,
        company="سپید",
        fax="0212",
        national_code="0012345679",
        certificate="12",
        address="تهران",
        postal_code="1234567890",
    )
    details = {
        "fullname": "سارا احمدی",
        "company": "سپید",
        "date": "2027-01-01 03:30:00",
        "fax": "0212",
        "mellicode": "0012345679",
        "shenasname": "12",
        "addr": "تهران",
        "postcode": "1234567890",
    }
    assert caller.get("my") == done({"status": 0, "details": details})
