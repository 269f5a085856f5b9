"""New customers: one for each number, however many come at once."""

import pytest

from panel.accounts.models import Customer
from panel.accounts.registering import register_customer
from tests.factories import make_customer
from tests.together import run_together

NUMBER = "+989351112233"


@pytest.mark.django_db
def test_a_number_that_is_known_is_nobody_new():
    customer = make_customer(mobile=NUMBER)
    assert register_customer(NUMBER) == (customer, False)


@pytest.mark.django_db
def test_usernames_differ_and_no_password_fits():
    people = [register_customer(f"+98935111224{number}")[0] for number in range(3)]
    assert len({person.username for person in people}) == 3
    assert [person.check_password(person.password) for person in people] == [False] * 3


@pytest.mark.django_db(transaction=True)
def test_who_registers_at_once_is_one_customer():
    answers = run_together(*[lambda: register_customer(NUMBER)] * 8)
    assert sorted(is_new for _customer, is_new in answers) == [False] * 7 + [True]
    assert Customer.objects.count() == 1
