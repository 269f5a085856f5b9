"""Guessing passwords: what it costs and tells, whoever is named. Limits and races stand with their functions.

Those tests: tests/panel/accounts/test_logins.py, test_login_codes.py, test_second_factor.py, test_call_logins below
tests/panel/api/sms_rest/test_access.py.
"""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from panel.accounts.models import LoginTry
from tests.factories import make_customer
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.entry_steps import log_in

pytestmark = pytest.mark.django_db
DOORS = ["/login/", "/admin/login/"]
WHO = [
    "known@example.com",
    "nobody@example.com",
    "locked@example.com",
    "without@example.com",
    "",
    "\u202e",
    "a" * 200,
]


@pytest.fixture
def hashed(monkeypatch):
    """Counts computations of a password's hash: nobody can wait for one that is not there."""
    counted = []
    real = MD5PasswordHasher.encode

    def encode(self, password, salt):
        counted.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return counted


@pytest.fixture
def people(db):
    """Somebody with a password, one who is locked, and one who never set one."""
    for name, fields in (("known", {}), ("locked", {"is_active": False}), ("without", {})):
        row = make_customer(email=f"{name}@example.com", **fields)
        if name == "without":
            row.set_unusable_password()
        else:
            row.set_password(PASSWORD)
        row.save()


@pytest.mark.parametrize("who", WHO[:4])
def test_a_guess_costs_one_hash_whoever_is_named(people, hashed, who):
    hashed.clear()
    log_in(open_browser(), who, "wrong-one")
    assert len(hashed) == 1


@pytest.mark.parametrize("door", DOORS)
def test_the_lock_tells_nothing_of_the_account(people, settings, door):
    settings.LOGIN_TRIES = 3
    answers = {}
    for number, who in enumerate(WHO[:4]):
        form = {"username": who, "password": "wrong-one"}
        for _ in range(4):
            answer = open_browser().post(door, form, REMOTE_ADDR=f"192.0.2.{number + 1}")
        answers[who] = answer.status_code, answer.headers.get("Retry-After") is not None
    assert len(set(answers.values())) == 1
    LoginTry.objects.all().delete()


@pytest.mark.parametrize("who", WHO[4:])
def test_names_that_are_none_are_only_wrong(db, who):
    assert log_in(open_browser(), who, "wrong-one").status_code in (200, 422)
