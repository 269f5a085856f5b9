import pytest

from providers.sandbox.sms_register import is_national_code

WHOLE = {
    "username": "mina",
    "password": "secret",
    "repeatPassword": "secret",
    "firstName": "مینا",
    "melliCode": "0012345679",
    "mobileNumber": "09121234567",
    "email": "mina@example.com",
    "modir": "sandbox",
    "package": "basic",
}


@pytest.fixture
def register(gateway):
    def post(**changes):
        return gateway("POST", "user/register", headers={}, json=WHOLE | changes).json()

    return post


def test_a_registered_user_waits_for_being_verified(register, gateway):
    assert register() == {"status": 200, "result": 0}
    mine = {"username": "mina", "password": "secret"}
    assert gateway("GET", "my/credit", headers=mine).json()["result"] == {"status": 5, "value": 0}
    assert gateway("GET", "my/credit", headers=mine | {"password": "x"}).status_code == 401
    assert register() == {"status": 200, "result": 15}


def test_only_name_and_password_are_needed(gateway):
    body = {"username": "mina", "password": "p", "repeatPassword": "p", "email": None, "package": ""}
    assert gateway("POST", "user/register/", headers={}, json=body).json() == {"status": 200, "result": 0}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "م"}, 10),
        ({"username": ""}, 10),
        ({"username": "a b"}, 10),
        ({"mobileNumber": "0912"}, 11),
        ({"melliCode": "0012345678"}, 12),
        ({"email": "mina@example"}, 13),
        ({"modir": "sandbox-sms-noaccess"}, 14),
        ({"username": "sandbox"}, 15),
        ({"username": "sandbox-sms-any"}, 15),
        ({"package": "gold"}, 16),
        ({"repeatPassword": "other"}, 17),
        ({"password": "", "repeatPassword": ""}, 17),
        ({"username": "sandbox-code-1000"}, 1000),
        ({"username": "sandbox-code-2000"}, 2000),
    ],
)
def test_every_code_of_registering(register, gateway, changes, code):
    assert register(**changes) == {"status": 200, "result": code}
    assert gateway("GET", "my", headers={"username": "mina", "password": "secret"}).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_a_body_that_is_no_object_is_400(gateway, body):
    assert gateway("POST", "user/register", data=body).status_code == 400


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("0012345679", True),
        ("0499370899", True),
        ("0012345678", False),
        ("1111111111", False),
        ("123", False),
        ("۰۰۱۲۳۴۵۶۷۹", False),
    ],
)
def test_the_check_digit_of_a_national_code(text, right):
    assert is_national_code(text) is right
