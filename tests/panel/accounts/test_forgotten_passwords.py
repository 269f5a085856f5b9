"""A new password without the old one: in a session that a code has just opened, and nowhere else."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from panel.accounts.browser_sessions import How, SessionStore, end_session, list_sessions
from panel.accounts.entering import enter
from panel.accounts.models import BrowserSession, Customer
from panel.accounts.passwords import CODE_COUNTS_FOR, PasswordWrong, change_password, find_code_window
from panel.accounts.second_factor import SecondFactorWrong
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS
from tests.panel.accounts.factor_steps import turn_on
from tests.together import run_together

OLD, NEW = "blue-horse-41", "green-cow-17"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_person(**fields):
    person = make_customer(**fields)
    person.set_password(OLD)
    person.save()
    return person


def open_session(person, how=How.CODE, age=timedelta()):
    """The id of a session that was opened `age` ago."""
    request = RequestFactory().post("/login/")
    request.session = SessionStore()
    enter(request, person, how)
    pk = request.session.row.pk
    BrowserSession.objects.filter(pk=pk).update(created=timezone.now() - age)
    return pk


def change(person, session_id, old="", new=NEW, code=""):
    change_password(person, old, new, code, ADDRESS, session_id)


def has(person, password):
    return Customer.objects.get(pk=person.pk).check_password(password)


@pytest.mark.django_db
def test_a_session_opened_by_a_code_just_now_needs_no_old_one_and_ends_all_others():
    person = make_person()
    kept, _other = open_session(person), open_session(person, How.PASSWORD)
    change(person, kept)
    assert (has(person, NEW), [row.pk for row in list_sessions(person.pk)]) == (True, [kept])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "age"),
    [(How.CODE, CODE_COUNTS_FOR), (How.CODE, timedelta(days=1)), (How.PASSWORD, timedelta())],
)
def test_one_opened_earlier_or_by_the_password_needs_it(how, age):
    person = make_person()
    kept = open_session(person, how, age)
    with pytest.raises(PasswordWrong):
        change(person, kept)
    assert (has(person, OLD), find_code_window(person, kept)) == (True, None)
    change(person, kept, old=OLD)
    assert has(person, NEW) is True


@pytest.mark.django_db
def test_another_session_by_a_code_does_not_count_whosever_it_is():
    person, stranger = make_person(), make_person()
    by_code, own = open_session(person), open_session(person, How.PASSWORD)
    for used in (own, open_session(stranger), None, by_code + 1_000_000):
        with pytest.raises(PasswordWrong):
            change(person, used)
    with pytest.raises(PasswordWrong):
        change(stranger, by_code)
    assert (has(person, OLD), has(stranger, OLD)) == (True, True)


@pytest.mark.django_db
def test_staff_show_the_old_one_however_they_came():
    person = make_person(is_staff=True)
    kept = open_session(person)
    with pytest.raises(PasswordWrong):
        change(person, kept)
    assert (has(person, OLD), find_code_window(person, kept)) == (True, None)


@pytest.mark.django_db
def test_who_became_staff_meanwhile_changes_nothing():
    person = make_person()
    kept = open_session(person)
    Customer.objects.update(is_staff=True)
    with pytest.raises(PasswordWrong):
        change(person, kept)
    assert has(person, OLD) is True


@pytest.mark.django_db
def test_the_second_factor_is_shown_all_the_same():
    person = make_person()
    kept = open_session(person)
    app, _codes = turn_on(person, kept)
    with pytest.raises(SecondFactorWrong):
        change(person, kept, code=app.wrong)
    assert has(person, OLD) is True
    change(person, kept, code=app.code)
    assert has(person, NEW) is True


@pytest.mark.django_db
def test_the_window_ends_ten_minutes_after_the_login():
    person = make_person()
    kept = open_session(person, age=timedelta(minutes=4))
    opened = BrowserSession.objects.get(pk=kept).created
    assert find_code_window(person, kept) == opened + timedelta(minutes=10)


@pytest.mark.django_db
def test_a_session_that_ended_while_the_password_was_hashed_changes_nothing(monkeypatch):
    person = make_person()
    kept = open_session(person)

    def end_meanwhile(*args):
        end_session(person.pk, kept)
        return "!"

    monkeypatch.setattr("panel.accounts.passwords.make_password", end_meanwhile)
    with pytest.raises(PasswordWrong):
        change(person, kept)
    assert has(person, OLD) is True


@pytest.mark.django_db(transaction=True)
def test_a_session_that_is_ended_at_that_moment_changes_the_password_before_or_never():
    for turn in range(12):
        person = make_person()
        kept = open_session(person)
        new = f"{NEW}-{turn}"
        changed, ended = run_together(
            lambda person=person, kept=kept, new=new: change(person, kept, new=new),
            lambda person=person, kept=kept: end_session(person.pk, kept),
        )
        assert (type(changed) in (type(None), PasswordWrong), ended) == (True, True)
        assert has(person, OLD if changed else new) is True
        assert list_sessions(person.pk).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_sessions_by_a_code_at_once_one_sets_the_password_and_ends_the_other():
    person = make_person()
    pages = [open_session(person) for _ in range(4)]
    answers = run_together(*[lambda page=page: change(person, page, new=f"{NEW}-{page}") for page in pages])
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] + ["PasswordWrong"] * 3
    winner = pages[answers.index(None)]
    assert (has(person, f"{NEW}-{winner}"), [row.pk for row in list_sessions(person.pk)]) == (True, [winner])
