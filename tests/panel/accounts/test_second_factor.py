"""The second factor: each code good once, few tries, and all of it at the same moment."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.accounts import second_factor
from panel.accounts.logins import LoginThrottled
from panel.accounts.models import LoginTry, RecoveryCode, SecondFactor
from panel.accounts.second_factor import FactorChanged, SecondFactorWrong
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS
from tests.panel.accounts.factor_steps import STEP, Authenticator, turn_on
from tests.together import run_together


@pytest.fixture(autouse=True)
def _same_moment(monkeypatch):
    """No time-step ends within a test."""
    now = timezone.now().timestamp() // STEP * STEP + STEP / 2
    monkeypatch.setattr(second_factor.time, "time", lambda: now)


def is_good(customer, code):
    try:
        second_factor.check(customer.pk, code, ADDRESS)
    except SecondFactorWrong:
        return False
    return True


@pytest.mark.django_db
def test_it_counts_only_once_a_first_code_was_typed_in():
    customer = make_customer()
    second_factor.begin(customer.pk)
    assert second_factor.is_on(customer.pk) is False
    app = Authenticator(customer)
    with pytest.raises(SecondFactorWrong):
        second_factor.confirm(customer.pk, app.wrong, ADDRESS, None)
    assert second_factor.is_on(customer.pk) is False
    codes = second_factor.confirm(customer.pk, app.at(0), ADDRESS, None)
    assert (second_factor.is_on(customer.pk), len(set(codes))) == (True, 10)
    with pytest.raises(FactorChanged):
        second_factor.begin(customer.pk)


@pytest.mark.django_db
def test_a_new_beginning_makes_the_codes_of_the_one_before_worthless():
    customer = make_customer()
    second_factor.begin(customer.pk)
    old = Authenticator(customer).at(0)
    second_factor.begin(customer.pk)
    assert Authenticator(customer).at(0) != old
    with pytest.raises(SecondFactorWrong):
        second_factor.confirm(customer.pk, old, ADDRESS, None)


@pytest.mark.django_db
def test_codes_of_the_steps_beside_now_are_good_and_no_others():
    customer = make_customer()
    app, _codes = turn_on(customer)
    answers = {}
    for steps in (-2, -1, 0, 1, 2):
        SecondFactor.objects.update(last_step=0)
        answers[steps] = is_good(customer, app.at(steps))
    assert answers == {-2: False, -1: True, 0: True, 1: True, 2: False}


@pytest.mark.django_db
def test_each_time_step_is_good_once_and_so_is_every_earlier_one():
    customer = make_customer()
    app, _codes = turn_on(customer)  # which used the step of now
    assert [is_good(customer, app.at(steps)) for steps in (0, -1, 1, 1, 0)] == [
        False,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.django_db
def test_persian_digits_and_a_space_are_read():
    customer = make_customer()
    app, _codes = turn_on(customer)
    typed = app.at(1).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert is_good(customer, f" {typed[:3]} {typed[3:]} ") is True


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "0", "x" * 32, "۱۲", "abc-def"])
def test_what_is_no_code_is_a_wrong_one(code):
    customer = make_customer()
    turn_on(customer)
    assert is_good(customer, code) is False


@pytest.mark.django_db
def test_a_recovery_code_is_good_once_in_any_spelling():
    customer = make_customer()
    _app, codes = turn_on(customer)
    assert is_good(customer, codes[0]) is True
    assert is_good(customer, codes[0]) is False
    assert is_good(customer, codes[1].replace("-", " ").upper()) is True
    assert second_factor.count_recovery_codes(customer.pk) == 8


@pytest.mark.django_db
def test_recovery_codes_of_another_are_worth_nothing():
    sara, omid = make_customer(), make_customer()
    _app, codes = turn_on(sara)
    turn_on(omid)
    assert is_good(omid, codes[0]) is False


@pytest.mark.django_db
def test_new_recovery_codes_take_the_place_of_all_old_ones():
    customer = make_customer()
    app, old = turn_on(customer)
    fresh = second_factor.renew_recovery_codes(customer.pk, app.at(1), ADDRESS)
    assert (len(fresh), second_factor.count_recovery_codes(customer.pk)) == (10, 10)
    assert (is_good(customer, old[0]), is_good(customer, fresh[0])) == (False, True)


@pytest.mark.django_db
def test_the_tables_hold_neither_the_secret_nor_a_code():
    customer = make_customer()
    second_factor.begin(customer.pk)
    secret = second_factor.find_begun(customer.pk).secret
    codes = second_factor.confirm(customer.pk, Authenticator(customer).at(0), ADDRESS, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        stored = cursor.fetchone()[0]
    digests = {bytes(row.digest) for row in RecoveryCode.objects.all()}
    assert (secret in stored, len(digests), {len(digest) for digest in digests}) == (False, 10, {32})
    assert [code for code in codes if code.encode() in b"".join(digests)] == []


@pytest.mark.django_db
def test_wrong_codes_are_counted_by_account_and_by_address(settings):
    settings.LOGIN_TRIES = 3
    customer, other = make_customer(), make_customer()
    app, _codes = turn_on(customer)
    turn_on(other)
    assert [is_good(customer, app.wrong) for _ in range(3)] == [False] * 3
    for person in (customer, other):  # the address has had its three as well
        with pytest.raises(LoginThrottled):
            second_factor.check(person.pk, app.at(1), ADDRESS)
    with pytest.raises(LoginThrottled):
        second_factor.check(customer.pk, app.at(1), "198.51.100.9")
    LoginTry.objects.update(created=timezone.now() - timedelta(seconds=settings.LOGIN_WINDOW_SECONDS + 1))
    assert is_good(customer, app.at(1)) is True


@pytest.mark.django_db
def test_a_good_code_takes_the_account_s_tries_back_but_not_the_address_s(settings):
    customer = make_customer()
    app, _codes = turn_on(customer)
    is_good(customer, app.wrong)
    is_good(customer, app.at(1))
    assert list(LoginTry.objects.values_list("subject", flat=True)) == [f"second:address:{ADDRESS}"]


@pytest.mark.django_db
def test_turning_off_takes_a_code_and_forgets_everything():
    customer = make_customer()
    app, _codes = turn_on(customer)
    with pytest.raises(SecondFactorWrong):
        second_factor.turn_off(customer.pk, app.wrong, ADDRESS, None)
    assert second_factor.is_on(customer.pk) is True
    second_factor.turn_off(customer.pk, app.at(1), ADDRESS, None)
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    with pytest.raises(FactorChanged):
        second_factor.check(customer.pk, "123456", ADDRESS)


@pytest.mark.django_db
def test_a_reset_says_whether_there_was_something():
    customer = make_customer()
    turn_on(customer)
    assert (second_factor.reset(customer.pk), second_factor.reset(customer.pk)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_one_code_typed_twenty_times_at_once_is_good_once():
    customer = make_customer()
    app, codes = turn_on(customer)
    for code in (app.at(1), codes[0]):
        answers = run_together(*[lambda c=code: second_factor.check(customer.pk, c, ADDRESS)] * 8)
        assert sum(answer is None for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_share_the_tries(settings):
    settings.LOGIN_TRIES = 3
    customer = make_customer()
    app, _codes = turn_on(customer)
    wrong = app.wrong
    works = [lambda n=n: second_factor.check(customer.pk, wrong, f"192.0.2.{n}") for n in range(8)]
    kinds = sorted(type(answer).__name__ for answer in run_together(*works))
    assert kinds == ["LoginThrottled"] * 5 + ["SecondFactorWrong"] * 3


@pytest.mark.django_db(transaction=True)
def test_confirming_twice_at_once_makes_one_set_of_recovery_codes():
    customer = make_customer()
    second_factor.begin(customer.pk)
    app = Authenticator(customer)
    works = [lambda n=n: second_factor.confirm(customer.pk, app.at(n), ADDRESS, None) for n in (-1, 0, 1)]
    answers = run_together(*works)
    (codes,) = [answer for answer in answers if isinstance(answer, list)]
    assert (RecoveryCode.objects.count(), is_good(customer, codes[0])) == (10, True)
