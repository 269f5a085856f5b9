"""Opening a session at the same moment as something changes what it takes to open one."""

import pytest
from django.test import RequestFactory

from panel.accounts import second_factor
from panel.accounts.browser_sessions import How, Origin, SessionStore, list_sessions
from panel.accounts.entering import EntryRefused, enter, enter_with_code
from panel.accounts.login_codes import CodeWrong
from panel.accounts.models import BrowserSession, Customer
from panel.accounts.passwords import change_password
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS, Phone, ask
from tests.panel.accounts.factor_steps import Authenticator
from tests.together import run_together

NUMBER = "+989351112233"
OLD, NEW = "blue-horse-41", "green-cow-17"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def visit(user_agent="", address=ADDRESS):
    """A request of a browser that nobody is logged in with."""
    request = RequestFactory().post("/login/")
    request.session = SessionStore()
    request.session.origin = Origin(address, user_agent)
    return request


def make_sara():
    sara = make_customer(mobile=NUMBER)
    sara.set_password(OLD)
    sara.save()
    return sara


@pytest.mark.django_db
def test_nothing_of_the_session_before_is_there_afterwards():
    request = visit()
    request.session["shown"] = 7
    request.session.save()
    before = request.session.session_key
    enter(request, make_sara(), How.PASSWORD)
    assert (request.session.get("shown"), SessionStore(before).get("shown")) == (None, None)
    assert BrowserSession.objects.count() == 1


@pytest.mark.django_db
def test_a_locked_customer_does_not_come_in():
    sara = make_sara()
    Customer.objects.update(is_active=False)
    with pytest.raises(EntryRefused):
        enter(visit(), sara, How.PASSWORD)
    assert BrowserSession.objects.count() == 0


@pytest.mark.django_db
def test_a_password_that_was_changed_since_it_was_looked_at_opens_nothing():
    checked = make_sara()
    change_password(Customer.objects.get(), OLD, NEW, "", ADDRESS, None)
    with pytest.raises(EntryRefused):
        enter(visit(), checked, How.PASSWORD)
    assert BrowserSession.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_right_codes_at_once_open_one_session():
    phone = Phone()
    ask(NUMBER, phone)
    code = phone.code
    answers = run_together(*[lambda: enter_with_code(visit(), NUMBER, code)] * 20)
    assert sum(isinstance(answer, CodeWrong) for answer in answers) == 19
    (entry,) = [answer for answer in answers if not isinstance(answer, Exception)]
    assert (entry.is_open, entry.is_new, BrowserSession.objects.get().customer) == (
        True,
        True,
        entry.customer,
    )


@pytest.mark.django_db(transaction=True)
def test_no_session_without_a_second_factor_outlives_its_confirmation():
    sara = make_sara()
    second_factor.begin(sara.pk)
    code = Authenticator(sara).at(0)
    works = [lambda: enter(visit(), sara, How.PASSWORD)] * 6
    run_together(*works[:3], lambda: second_factor.confirm(sara.pk, code, ADDRESS, None), *works[3:])
    assert (second_factor.is_on(sara.pk), list_sessions(sara.pk).count()) == (True, 0)


@pytest.mark.django_db(transaction=True)
def test_no_session_of_the_old_password_outlives_the_new_one():
    sara = make_sara()
    works = [lambda: enter(visit(), sara, How.PASSWORD)] * 6
    run_together(*works[:3], lambda: change_password(sara, OLD, NEW, "", ADDRESS, None), *works[3:])
    assert (Customer.objects.get().check_password(NEW), list_sessions(sara.pk).count()) == (True, 0)
