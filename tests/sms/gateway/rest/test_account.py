"""What is told of our account, and making another."""

from decimal import Decimal

import pytest

from sms.gateway import AccountError, Credit, Unclear
from sms.gateway.codes import RegisterState, UserState
from sms.gateway.rest import Profile, Registration
from tests.panel.lib.raw_server import http_answer
from tests.sms.gateway.rest.serving import ask, describe, failure, result

DETAILS = {
    "fullname": "سارا احمدی",
    "company": "نمونه",
    "date": "1404-05-01",
    "fax": 2188000000,
    "mellicode": "0012345678",
    "shenasname": "12",
    "addr": "تهران",
    "postcode": None,
}
PROFILE = {
    "full_name": "سارا احمدی",
    "company": "نمونه",
    "date": "1404-05-01",
    "fax": "2188000000",
    "national_code": "0012345678",
    "certificate_number": "12",
    "address": "تهران",
    "postal_code": "",
}
PASSWORD = "a-new-password"


def credit(gateway):
    return gateway.credit()


def profile(gateway):
    return gateway.profile()


def register(gateway):
    return gateway.register(Registration("sara", PASSWORD))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"status": 0, "value": 1234}, Credit(Decimal(1234), UserState.ACTIVE)),
        ({"status": "0", "value": "12.5"}, Credit(Decimal("12.5"), UserState.ACTIVE)),
        ({"status": 2, "value": 9}, Credit(Decimal(9), UserState.TRIAL)),
    ],
)
def test_credit_is_read(client, told, expected):
    found, request = ask(client, told, credit)
    assert (found, describe(request)) == (expected, ("GET", "my/credit", None))


@pytest.mark.parametrize("value", [None, "", "much", True])
def test_an_unreadable_credit_is_unclear_and_never_zero(client, value):
    assert type(failure(client, result({"status": 0, "value": value}), credit)) is Unclear


@pytest.mark.parametrize(("status", "state"), [(0, UserState.ACTIVE), (2, UserState.TRIAL)])
def test_the_profile_is_read(client, status, state):
    found, request = ask(client, {"status": status, "details": DETAILS}, profile)
    assert (found, describe(request)) == (Profile(**PROFILE, state=state), ("GET", "my", None))


@pytest.mark.parametrize("details", [None, [], "سارا"])
def test_a_profile_without_details_is_unclear(client, details):
    assert type(failure(client, result({"status": 0, "details": details}), profile)) is Unclear


@pytest.mark.parametrize("call", [credit, profile])
def test_a_locked_account_is_told_by_its_state(client, call):
    error = failure(client, result({"status": 3, "value": 0, "details": {}}), call)
    assert (type(error), error.code) == (AccountError, UserState.LOCKED)


def test_a_user_is_made_without_our_credentials(client):
    told, request = ask(client, 0, register)
    content = {"username": "sara", "password": PASSWORD, "repeatPassword": PASSWORD}
    assert (told, describe(request)) == (None, ("POST", "user/register", content))
    assert not {"token", "username", "password"} & request.headers.keys()


def test_a_user_is_made_with_all_that_the_document_knows(client):
    registration = Registration(
        username="sara",
        password=PASSWORD,
        first_name="سارا",
        last_name="احمدی",
        name="سارا احمدی",
        national_code="0012345678",
        certificate_number="12",
        postal_code="1111111111",
        phone_number="02188000000",
        mobile_number="09120000000",
        email="sara@example.com",
        address="تهران",
        manager="boss",
        package="gold",
    )
    _told, request = ask(client, "0", lambda gateway: gateway.register(registration))
    assert describe(request)[2] == {
        "username": "sara",
        "password": PASSWORD,
        "repeatPassword": PASSWORD,
        "firstName": "سارا",
        "lastName": "احمدی",
        "name": "سارا احمدی",
        "melliCode": "0012345678",
        "shShenasname": "12",
        "postalCode": "1111111111",
        "phoneNumber": "02188000000",
        "mobileNumber": "09120000000",
        "email": "sara@example.com",
        "addres": "تهران",
        "modir": "boss",
        "package": "gold",
    }


@pytest.mark.parametrize("code", [code for code in RegisterState if code])
def test_a_user_that_is_not_made_says_why(client, code):
    error = failure(client, result(int(code)), register)
    assert (type(error), error.code) == (AccountError, code)


@pytest.mark.parametrize("told", [None, True, [], {"status": 0}, "", 99])
def test_an_outcome_that_is_no_code_is_unclear(client, told):
    assert type(failure(client, result(told), register)) is Unclear


def test_the_new_password_is_shown_nowhere(client):
    body = f'{{"status": 400, "message": "bad {PASSWORD}"}}'
    error = failure(client, http_answer(body), register)
    assert (error.reason, error.excerpt) == ("bad ***", '{"status": 400, "message": "bad ***"}')
    assert PASSWORD not in repr(Registration("sara", PASSWORD))
