"""Typing a code in: who gets a token, how often one may guess, and all of it at the same moment."""

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from panel.accounts.login_codes import CodeWrong, MalformedCode, NeverAsked
from panel.accounts.login_tokens import open_login, verify_code
from panel.accounts.models import ApiToken, Customer, LoginCode
from panel.accounts.tokens import State, find_state, issue_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.panel.accounts.code_steps import Phone, ask, let_pass, other_than
from tests.together import run_together

NUMBER = "+989351112233"


@pytest.fixture
def phone():
    return Phone()


def is_wrong(username, code):
    """Whether the code is refused."""
    try:
        verify_code(username, code)
    except CodeWrong:
        return True
    return False


@pytest.mark.django_db
def test_the_right_code_is_a_login_once(phone):
    customer = make_customer(mobile=NUMBER)
    ask(NUMBER, phone)
    login = verify_code("0935 111 2233", phone.code)
    row = ApiToken.objects.get()
    assert (bytes(row.digest), row.customer) == (digest_token(login.token), customer)
    assert (row.contract, row.use, row.issued_by, row.expires_at) == (
        "panel_app",
        "access",
        None,
        login.expires_at,
    )
    assert round((login.expires_at - timezone.now()) / timedelta(days=1), 3) == 30
    assert (is_wrong(NUMBER, phone.code), ApiToken.objects.count()) == (True, 1)


@pytest.mark.django_db
def test_the_fifth_try_may_be_right_and_the_sixth_not(phone):
    ask(NUMBER, phone)
    assert [is_wrong(NUMBER, other_than(phone.code)) for _ in range(4)] == [True] * 4
    assert not is_wrong(NUMBER, phone.code)
    let_pass(121)
    ask(NUMBER, phone)
    assert [is_wrong(NUMBER, other_than(phone.code)) for _ in range(5)] == [True] * 5
    assert is_wrong(NUMBER, phone.code)


@pytest.mark.django_db
def test_an_expired_code_is_wrong_and_so_is_an_older_one(phone, monkeypatch):
    numbers = iter((11, 22))
    monkeypatch.setattr(secrets, "randbelow", lambda limit: next(numbers))
    ask(NUMBER, phone)
    let_pass(121)
    assert is_wrong(NUMBER, "000011")
    ask(NUMBER, phone)
    assert [is_wrong(NUMBER, code) for code in ("000011", "000022")] == [True, False]


@pytest.mark.django_db
def test_only_who_never_asked_is_unknown(phone):
    make_customer(mobile=NUMBER, email="sara@example.com")
    ask("nobody@example.com", phone)
    assert is_wrong("nobody@example.com", "123456")
    for username in (NUMBER, "sara@example.com", "else@example.com"):
        with pytest.raises(NeverAsked):
            verify_code(username, "123456")


@pytest.mark.django_db
def test_a_malformed_code_costs_no_try(phone):
    ask(NUMBER, phone)
    with pytest.raises(MalformedCode):
        verify_code(NUMBER, "12345")
    assert LoginCode.objects.get().tries == 0


@pytest.mark.django_db
def test_the_code_on_the_phone_is_good_for_both_spellings(phone):
    customer = make_customer(mobile=NUMBER, email="sara@example.com")
    for usernames in (("sara@example.com", NUMBER), (NUMBER, "sara@example.com")):
        ask(usernames[0], phone)
        ask(usernames[1], phone)
        verify_code(usernames[1], phone.code)
        assert is_wrong(usernames[0], phone.code)
        let_pass(121)
    assert [row.customer for row in ApiToken.objects.all()] == [customer] * 2


@pytest.mark.django_db
def test_the_same_code_of_two_numbers_has_two_digests(phone, monkeypatch):
    monkeypatch.setattr(secrets, "randbelow", lambda limit: 7)
    ask(NUMBER, phone)
    ask("09351119999", phone)
    digests = {bytes(row.digest) for row in LoginCode.objects.all()}
    assert ({fresh.code for fresh in phone.codes}, len(digests)) == ({"000007"}, 2)


@pytest.mark.django_db
def test_who_is_locked_meanwhile_gets_no_token(phone):
    make_customer(mobile=NUMBER)
    ask(NUMBER, phone)
    Customer.objects.update(is_active=False)
    assert (is_wrong(NUMBER, phone.code), ApiToken.objects.count()) == (True, 0)


@pytest.mark.django_db
def test_an_email_opens_no_account_whose_number_became_another_s(phone):
    sara = make_customer(mobile=NUMBER, email="sara@example.com")
    ask("sara@example.com", phone)
    Customer.objects.filter(pk=sara.pk).update(mobile="+989350000000")
    assert is_wrong("sara@example.com", phone.code)
    make_customer(mobile=NUMBER)
    assert (is_wrong("sara@example.com", phone.code), ApiToken.objects.count()) == (True, 0)


@pytest.mark.django_db
def test_a_login_verifies_the_mobile(phone):
    customer = make_customer(mobile=NUMBER, mobile_verified=False)
    ask(NUMBER, phone)
    verify_code(NUMBER, phone.code)
    customer.refresh_from_db()
    assert customer.mobile_verified is True


@pytest.mark.django_db
def test_an_unknown_mobile_registers_and_is_welcomed_once(phone):
    ask(NUMBER, phone)
    welcomed = []
    verify_code(NUMBER, phone.code, welcomed.append)
    customer = Customer.objects.get()
    assert (welcomed, customer.mobile, customer.mobile_verified) == ([customer], NUMBER, True)
    assert (customer.language, customer.has_usable_password(), customer.is_staff) == ("fa", False, False)
    let_pass(121)
    ask(NUMBER, phone)
    verify_code(NUMBER, phone.code, welcomed.append)
    assert (welcomed, Customer.objects.count()) == ([customer], 1)


@pytest.mark.django_db
def test_a_welcome_that_fails_leaves_nothing_and_the_code_good(phone):
    def fail(customer):
        raise OSError

    ask(NUMBER, phone)
    with pytest.raises(OSError):
        verify_code(NUMBER, phone.code, fail)
    assert (Customer.objects.count(), ApiToken.objects.count()) == (0, 0)
    verify_code(NUMBER, phone.code)
    assert (Customer.objects.count(), ApiToken.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_share_five_tries(phone):
    make_customer(mobile=NUMBER)
    ask(NUMBER, phone)
    wrong = other_than(phone.code)
    answers = run_together(*[lambda: verify_code(NUMBER, wrong)] * 20)
    assert (all(isinstance(answer, CodeWrong) for answer in answers), LoginCode.objects.get().tries) == (
        True,
        5,
    )
    assert is_wrong(NUMBER, phone.code)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_twenty_right_codes_at_once_are_one_login_and_one_customer(phone, known):
    if known:
        make_customer(mobile=NUMBER)
    ask(NUMBER, phone)
    code = phone.code
    answers = run_together(*[lambda: verify_code(NUMBER, code)] * 20)
    assert sum(isinstance(answer, CodeWrong) for answer in answers) == 19
    assert (ApiToken.objects.count(), Customer.objects.filter(mobile=NUMBER).count()) == (1, 1)


@pytest.mark.django_db
def test_beyond_so_many_logins_the_oldest_ends_and_keys_don_t_count(settings):
    settings.SESSIONS_PER_KEY = 2
    customer = make_customer()
    key, _ = issue_token(customer, "panel_app")
    for _ in range(3):
        open_login(customer)
    rows = ApiToken.objects.filter(use="access").order_by("pk")
    assert [find_state(row) for row in rows] == [State.REVOKED, State.LIVE, State.LIVE]
    assert find_state(ApiToken.objects.get(pk=key.pk)) == State.LIVE
