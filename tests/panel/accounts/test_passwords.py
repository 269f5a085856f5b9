"""Setting and changing one's own password in the browser."""

import pytest

from panel.accounts import second_factor
from panel.accounts.browser_sessions import list_sessions
from panel.accounts.login_tokens import list_logins, open_login
from panel.accounts.logins import LoginThrottled
from panel.accounts.models import LoginTry
from panel.accounts.passwords import FactorMissing, PasswordWrong, change_password
from panel.accounts.profiles import ProfileRefused
from panel.accounts.second_factor import SecondFactorWrong
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS
from tests.panel.accounts.factor_steps import turn_on
from tests.panel.dashboard.conftest import open_browser
from tests.together import run_together

OLD, NEW = "blue-horse-41", "green-cow-17"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_person(password=OLD, **fields):
    person = make_customer(**fields)
    person.set_password(password)
    person.save()
    return person


def change(person, old=OLD, new=NEW, code="", session_id=None):
    change_password(person, old, new, code, ADDRESS, session_id)


def has(person, password):
    person.refresh_from_db()
    return person.check_password(password)


@pytest.mark.django_db
def test_the_old_one_changes_it_and_ends_everything_else():
    person = make_person()
    for _ in range(2):
        open_browser(person)
    kept = list_sessions(person.pk).first().pk
    open_login(person)
    change(person, session_id=kept)
    assert has(person, NEW) is True
    assert ([row.pk for row in list_sessions(person.pk)], list_logins(person.pk).count()) == ([kept], 0)
    assert LoginTry.objects.count() == 0


@pytest.mark.django_db
def test_a_wrong_old_one_changes_nothing_and_counts_as_a_try(settings):
    settings.LOGIN_TRIES = 2
    person = make_person()
    for _ in range(2):
        with pytest.raises(PasswordWrong):
            change(person, old="wrong")
    with pytest.raises(LoginThrottled):
        change(person)
    assert has(person, OLD) is True


@pytest.mark.django_db
def test_who_has_none_sets_one_without_an_old_one():
    person = make_person(password=None)
    change(person, old="")
    assert has(person, NEW) is True


@pytest.mark.django_db
def test_staff_without_one_get_it_from_somebody_else():
    person = make_person(password=None, is_staff=True)
    with pytest.raises(ProfileRefused) as caught:
        change(person, old="")
    assert (caught.value.reason, has(person, NEW)) == ("staff", False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("new", "reason"),
    [("short-1", "password_too_short"), ("password123", "password_too_common"), ("x" * 257, "format")],
)
def test_a_password_that_the_rules_refuse_changes_nothing(new, reason):
    person = make_person()
    with pytest.raises(ProfileRefused) as caught:
        change(person, new=new)
    assert (caught.value.reason, has(person, OLD)) == (reason, True)


@pytest.mark.django_db
@pytest.mark.parametrize("is_staff", [False, True])
def test_who_has_a_second_factor_shows_it(is_staff):
    person = make_person(is_staff=is_staff)
    app, _codes = turn_on(person)
    with pytest.raises(SecondFactorWrong):
        change(person, code=app.wrong)
    assert has(person, OLD) is True
    change(person, code=app.code)
    assert has(person, NEW) is True


@pytest.mark.django_db
def test_a_wrong_old_password_uses_no_recovery_code_up():
    person = make_person()
    _app, codes = turn_on(person)
    with pytest.raises(PasswordWrong):
        change(person, old="wrong", code=codes[0])
    with pytest.raises(ProfileRefused):
        change(person, new="short-1", code=codes[0])
    assert second_factor.count_recovery_codes(person.pk) == 10


@pytest.mark.django_db
def test_outside_debug_staff_turn_their_second_factor_on_first(settings):
    settings.STAFF_SECOND_FACTOR = True
    person = make_person(is_staff=True)
    with pytest.raises(FactorMissing):
        change(person)
    assert has(person, OLD) is True


@pytest.mark.django_db(transaction=True)
def test_of_several_new_ones_at_once_one_counts():
    person = make_person()
    works = [lambda n=n: change(person, new=f"green-cow-{n}{n}") for n in range(6)]
    answers = run_together(*works)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] + ["PasswordWrong"] * 5
    assert has(person, f"green-cow-{answers.index(None)}{answers.index(None)}") is True
