"""Asking for a code: to whom it goes, how often, and that nobody learns who has an account."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.utils import timezone

from panel.accounts.login_codes import (
    MalformedCode,
    MalformedUsername,
    purge_login_codes,
    read_code,
    read_username,
)
from panel.accounts.logins import LoginThrottled
from panel.accounts.models import LoginCode
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS, Phone, ask, let_pass
from tests.together import run_together

NUMBER = "+989351112233"


@pytest.fixture
def phone():
    return Phone()


def is_refused(username, phone, address=ADDRESS):
    """Whether the limits turn the ask away."""
    try:
        ask(username, phone, address)
    except LoginThrottled:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("09351112233", "mobile:+989351112233"),
        (" ۰۹۳۵ ۱۱۱ ۲۲۳۳ ", "mobile:+989351112233"),
        ("+98 935 111 2233", "mobile:+989351112233"),
        ("00989351112233", "mobile:+989351112233"),
        ("9351112233", "mobile:+989351112233"),
        (" Sara@Example.COM", "email:sara@example.com"),
    ],
)
def test_all_spellings_of_a_username_are_one(text, subject):
    assert read_username(text) == subject


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sara",
        "021 22334455",
        "0935111",
        "@",
        "a@b",
        "sara@example.com\x00",
        "a@b.com\ud800",
        "a" * 300 + "@b.com",
    ],
)
def test_what_is_neither_mobile_nor_email_is_malformed(text):
    with pytest.raises(MalformedUsername):
        read_username(text)


@pytest.mark.parametrize(
    ("value", "code"),
    [("012345", "012345"), (" ۰۱۲۳۴۵ ", "012345"), ("٠١٢٣٤٥", "012345"), (12345, "012345"), (0, "000000")],
)
def test_codes_are_six_digits_of_any_kind(value, code):
    assert read_code(value) == code


@pytest.mark.parametrize("value", ["", "12345", "1234567", "12a456", "１２３４５６", 1234567, -12345])
def test_anything_else_is_no_code(value):
    with pytest.raises(MalformedCode):
        read_code(value)


@pytest.mark.django_db
def test_a_code_goes_to_the_mobile_and_only_its_digest_is_kept(phone, settings):
    customer = make_customer(mobile=NUMBER)
    expires_at = ask("09351112233", phone)
    (fresh,) = phone.codes
    row = LoginCode.objects.get()
    assert (fresh.mobile, fresh.customer_id, fresh.language) == (NUMBER, customer.pk, "en")
    assert (len(fresh.code), fresh.code.isdigit(), fresh.code in repr(fresh)) == (6, True, False)
    assert (row.subject, row.address, row.mobile) == (f"mobile:{NUMBER}", f"address:{ADDRESS}", NUMBER)
    assert (row.expires_at, len(bytes(row.digest))) == (expires_at, 32)
    assert round((expires_at - timezone.now()).total_seconds()) == settings.LOGIN_CODE_SECONDS == 120


@pytest.mark.django_db
def test_an_unknown_mobile_gets_a_code_and_an_unknown_email_never(phone):
    ask("09351112233", phone)
    ask("nobody@example.com", phone)
    assert phone.sent_to == [NUMBER]
    assert list(LoginCode.objects.order_by("pk").values_list("mobile", flat=True)) == [NUMBER, ""]


@pytest.mark.django_db
def test_an_email_in_any_case_leads_to_its_customer_s_mobile(phone):
    make_customer(mobile=NUMBER, email="Sara@Example.com")
    ask("sARA@example.com", phone)
    assert phone.sent_to == [NUMBER]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"mobile_verified": False}, {"mobile": None, "mobile_verified": False}]
)
def test_who_is_locked_or_has_no_verified_mobile_gets_nothing_by_email(phone, fields):
    make_customer(**{"mobile": NUMBER, "email": "sara@example.com"} | fields)
    ask("sara@example.com", phone)
    assert (phone.codes, LoginCode.objects.get().mobile) == ([], "")


@pytest.mark.django_db
def test_a_locked_customer_s_mobile_gets_nothing(phone):
    make_customer(mobile=NUMBER, is_active=False)
    ask(NUMBER, phone)
    assert (phone.codes, LoginCode.objects.get().mobile) == ([], "")


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["09351112233", "nobody@example.com", "sara@example.com", "09120000000"])
def test_the_next_code_comes_after_the_first_expired_whoever_asks(phone, username):
    make_customer(mobile="+989120000000", email="sara@example.com", is_active=False)
    ask(username, phone)
    assert is_refused(username, phone, "192.0.2.8")
    let_pass(119)
    assert is_refused(username, phone)
    let_pass(2)
    assert not is_refused(username, phone)


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["09351112233", "nobody@example.com"])
def test_five_an_hour_whoever_asks(phone, username):
    for _ in range(5):
        ask(username, phone)
        let_pass(121)
    assert (is_refused(username, phone), LoginCode.objects.count()) == (True, 5)
    let_pass(3600 - 5 * 121 + 1)
    assert not is_refused(username, phone)


@pytest.mark.django_db
def test_who_is_turned_away_hears_for_how_long(phone):
    ask(NUMBER, phone)
    let_pass(100)
    with pytest.raises(LoginThrottled) as caught:
        ask(NUMBER, phone)
    assert caught.value.retry_after_seconds in (20, 21)


@pytest.mark.django_db
def test_an_address_asks_so_often_an_hour_and_a_network_of_one_customer_is_one(phone, settings):
    settings.LOGIN_CODES_PER_ADDRESS = 3
    for number in range(3):
        ask(f"0935111220{number}", phone, f"2001:db8:1:2::{number}")
    assert [is_refused("09351112209", phone, ip) for ip in ("2001:db8:1:2::9", "2001:db8:1:3::9")] == [
        True,
        False,
    ]
    let_pass(3601)
    assert not is_refused("09351112209", phone, "2001:db8:1:2::9")


@pytest.mark.django_db
def test_two_spellings_of_one_customer_send_one_code_and_nobody_can_tell(phone):
    make_customer(mobile=NUMBER, email="sara@example.com")
    assert [is_refused(name, phone) for name in ("sara@example.com", NUMBER)] == [False, False]
    assert phone.sent_to == [NUMBER]


@pytest.mark.django_db
def test_a_number_gets_five_an_hour_by_whatever_was_asked(phone):
    make_customer(mobile=NUMBER, email="sara@example.com")
    for _ in range(3):
        for username in ("sara@example.com", NUMBER):
            ask(username, phone)
            let_pass(121)
    assert (phone.sent_to, LoginCode.objects.count()) == ([NUMBER] * 5, 6)


@pytest.mark.django_db(transaction=True)
def test_twenty_asks_at_once_are_one_code(phone):
    works = [lambda n=n: ask(NUMBER, phone, f"192.0.2.{n}") for n in range(20)]
    answers = run_together(*works)
    assert sum(isinstance(answer, LoginThrottled) for answer in answers) == 19
    assert (phone.sent_to, LoginCode.objects.count()) == ([NUMBER], 1)


@pytest.mark.django_db(transaction=True)
def test_asks_by_mobile_and_email_at_once_are_one_code(phone):
    people = [make_customer(email=f"person-{number}@example.com") for number in range(8)]
    names = [name for person in people for name in (person.mobile, person.email)]
    answers = run_together(*[lambda n=n: ask(n, phone, f"192.0.2.{names.index(n)}") for n in names])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(phone.sent_to) == sorted(person.mobile for person in people)


@pytest.mark.django_db(transaction=True)
def test_asks_at_once_from_one_address_share_its_limit(phone, settings):
    settings.LOGIN_CODES_PER_ADDRESS = 3
    answers = run_together(*[lambda n=n: ask(f"0935111220{n}", phone) for n in range(8)])
    assert sum(isinstance(answer, LoginThrottled) for answer in answers) == 5
    assert len(phone.codes) == 3


@pytest.mark.django_db
def test_a_lost_cache_opens_nothing(phone):
    ask(NUMBER, phone)
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    assert is_refused(NUMBER, phone)


@pytest.mark.django_db
def test_a_code_that_can_t_be_queued_was_not_asked_for():
    def fail(fresh):
        raise OSError

    with pytest.raises(OSError):
        ask(NUMBER, fail)
    assert LoginCode.objects.count() == 0


@pytest.mark.django_db
def test_asks_are_forgotten_after_thirty_days(phone):
    ask(NUMBER, phone)
    LoginCode.objects.update(created=timezone.now() - timedelta(days=30, seconds=1))
    ask("09351112244", phone)
    assert (purge_login_codes(), LoginCode.objects.get().subject) == (1, "mobile:+989351112244")
