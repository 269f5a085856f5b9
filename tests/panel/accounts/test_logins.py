"""Tries at passwords: how many, counted under what, and at the same moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.accounts.logins import LoginThrottled, check_login, name_account, name_address, purge_login_tries
from panel.accounts.models import LoginTry
from tests.factories import make_customer
from tests.together import run_together

ADDRESS = "192.0.2.7"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOGIN_TRIES = 3
    settings.LOGIN_WINDOW_SECONDS = 60


def make_sara():
    customer = make_customer(username="sara")
    customer.set_password("right-one")
    customer.save()
    return customer


def subjects():
    return sorted(LoginTry.objects.values_list("subject", flat=True))


@pytest.mark.django_db
def test_wrong_passwords_count_for_account_and_address():
    customer = make_sara()
    assert check_login(ADDRESS, "sara", "wrong") is None
    assert check_login(ADDRESS, "nobody", "wrong") is None
    assert subjects() == sorted(
        [f"account:{customer.pk}", name_account(" NOBODY "), *[f"address:{ADDRESS}"] * 2]
    )


@pytest.mark.django_db
def test_the_right_password_takes_the_account_s_tries_back_but_not_the_address_s():
    customer = make_sara()
    check_login(ADDRESS, "sara", "wrong")
    check_login(ADDRESS, "sara", "wrong")
    assert check_login(ADDRESS, "sara", "right-one") == customer
    assert subjects() == [f"address:{ADDRESS}"] * 2


@pytest.mark.django_db
def test_after_the_last_try_only_time_helps():
    make_sara()
    for number in range(3):
        check_login(f"192.0.2.{number}", "sara", "wrong")
    with pytest.raises(LoginThrottled) as caught:
        check_login(ADDRESS, "sara", "right-one")
    assert caught.value.retry_after_seconds in (60, 61)
    assert len(subjects()) == 6  # what is turned away is no further try
    LoginTry.objects.update(created=timezone.now() - timedelta(seconds=61))
    assert check_login(ADDRESS, "sara", "right-one").username == "sara"


@pytest.mark.django_db
def test_an_address_that_tries_many_names_is_stopped_too():
    make_sara()
    for name in ("a", "b", "c"):
        check_login(ADDRESS, name, "wrong")
    with pytest.raises(LoginThrottled):
        check_login(ADDRESS, "sara", "right-one")
    assert check_login("192.0.2.8", "sara", "right-one").username == "sara"


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_share_the_tries():
    make_sara()
    works = [lambda n=n: check_login(f"192.0.2.{n}", "sara", "wrong") for n in range(8)]
    answers = run_together(*works)
    assert [type(answer).__name__ for answer in answers].count("NoneType") == 3
    assert sum(isinstance(answer, LoginThrottled) for answer in answers) == 5


@pytest.mark.parametrize(
    ("ip", "name"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "address:2001:db8:1:2::/64"),
    ],
)
def test_addresses_are_counted_by_who_owns_them(ip, name):
    assert name_address(ip) == name


@pytest.mark.django_db
def test_old_tries_are_deleted():
    check_login(ADDRESS, "a", "wrong")
    LoginTry.objects.update(created=timezone.now() - timedelta(seconds=61))
    check_login(ADDRESS, "b", "wrong")
    assert (purge_login_tries(), len(subjects())) == (2, 2)
