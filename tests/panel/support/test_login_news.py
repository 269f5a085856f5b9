"""Telling customers of logins from places that they are not known from."""

import pytest

from panel.accounts.browser_sessions import How
from panel.accounts.entering import enter
from panel.accounts.models import BrowserSession
from panel.support.models import Notification
from tests.factories import make_customer
from tests.panel.accounts.test_entering import visit

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 10; K) Chrome/131.0.0.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
HOME, ABROAD = "192.0.2.7", "198.51.100.9"


def log_in(customer, user_agent, address):
    enter(visit(user_agent, address), customer, How.PASSWORD)
    customer.refresh_from_db()
    return Notification.objects.count()


def test_only_a_place_that_no_living_session_is_from_is_told():
    customer = make_customer()
    told = [
        log_in(customer, PHONE, HOME),  # the first of all
        log_in(customer, PHONE, "192.0.2.200"),  # the same network
        log_in(customer, DESK, HOME),
        log_in(customer, DESK, "192.0.2.8"),
        log_in(customer, PHONE, ABROAD),
    ]
    assert told == [0, 0, 1, 1, 2]


def test_once_its_session_has_ended_a_place_is_new_again():
    customer = make_customer()
    log_in(customer, PHONE, HOME)
    BrowserSession.objects.all().delete()
    assert log_in(customer, PHONE, HOME) == 1


def test_another_customer_s_sessions_don_t_count():
    log_in(make_customer(), PHONE, HOME)
    customer = make_customer()
    log_in(customer, DESK, HOME)
    assert log_in(customer, PHONE, HOME) == 1


def test_it_says_where_and_what_to_do_in_the_customer_s_language():
    for language, begins in (("en", "New login: Firefox, Linux, from 198.51.100.9, "), ("fa", "ورود تازه: ")):
        customer = make_customer(language=language)
        log_in(customer, PHONE, HOME)
        log_in(customer, DESK, ABROAD)
        row = Notification.objects.get(customer=customer)
        assert (row.kind, row.message[: len(begins)]) == ("new_login", begins)
