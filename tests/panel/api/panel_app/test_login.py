"""`login`, `login/verify` and `logout` of panel-app: every documented answer, and what tells nobody anything."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panel.accounts.models import ApiToken, Customer, LoginCode
from panel.rewards.models import Referral
from panel.rewards.referrals import find_code
from sms.models import Message
from tests.factories import make_customer, make_key
from tests.panel.accounts.code_steps import let_pass, other_than
from tests.panel.api.panel_app.login_calls import (
    BAD_TOKEN,
    ROOT,
    ask,
    call,
    client,
    log_in,
    read_phone,
    verify,
)

NUMBER, TYPED = "+989351112233", "09351112233"
SENT = "کد تایید ارسال شد"
LIMIT = {"status": 429, "message": "محدودیت ارسال درخواست"}
MALFORMED = {"status": 400, "message": "فرمت پارامتر مورد نظر اشتباه است"}
NO_USER = {"status": 404, "message": "کاربر شناسایی نشد"}
WRONG = {"status": 401, "message": BAD_TOKEN}
LOGGED_OUT = {"message": "با موفقیت خارج شدید", "status": 200}
pytestmark = pytest.mark.django_db


def test_a_code_is_asked_for_and_sent():
    make_customer(mobile=NUMBER)
    told = ask(TYPED)
    expires_at = told["expires_at"]
    assert told == {"status": 201, "expires_at": expires_at, "message": SENT}
    assert 118 <= expires_at - int(time.time()) <= 120
    assert Message.objects.get().to == NUMBER


def test_asking_too_soon_is_429_in_the_body():
    ask(TYPED)
    answer = client.post(f"{ROOT}login", {"username": TYPED}, "application/json", REMOTE_ADDR="192.0.2.8")
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"] in ("120", "121")) == (
        200,
        LIMIT,
        True,
    )


def test_an_address_has_its_own_limit(settings):
    settings.LOGIN_CODES_PER_ADDRESS = 2
    told = [ask(f"0935111220{number}") for number in range(3)]
    assert ([row["status"] for row in told], told[2]) == ([201, 201, 429], LIMIT)
    assert ask("09351112209", address="192.0.2.8")["status"] == 201


def test_known_and_unknown_get_the_same_answers_to_the_letter(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr("panel.accounts.login_codes.timezone.now", lambda: now)
    make_customer(mobile="+989350000001", email="sara@example.com")
    make_customer(mobile="+989350000002", email="locked@example.com", is_active=False)
    make_customer(mobile="+989350000003", email="unverified@example.com", mobile_verified=False)
    emails = [f"{name}@example.com" for name in ("sara", "locked", "unverified", "nobody")]
    usernames = [*emails, *(f"0935000000{number}" for number in (1, 2, 3, 4))]
    guesses = [{"code": "12345"}, *[{"code": "123456"}] * 6]
    for path, more in (("login", {}), ("login", {}), *(("login/verify", guess) for guess in guesses)):
        LoginCode.objects.exclude(digest=b"").update(digest=b"x" * 32)  # so no guess is right by chance
        LoginCode.objects.update(created=now)  # the database's clock goes on, and would tell in Retry-After
        answers = [post_raw(path, {"username": username, **more}) for username in usernames]
        assert answers == [answers[0]] * len(usernames)
    # The first customer's email and mobile share the code on the phone, and so its tries.
    assert sorted(LoginCode.objects.values_list("tries", flat=True)) == [0] + [5] * 7


def post_raw(path, body):
    """All that a client sees, but for the request's own id: status, headers and body."""
    answer = client.post(ROOT + path, body, "application/json")
    del answer.headers["X-Request-ID"]
    return answer.status_code, sorted(answer.headers.items()), answer.content


def test_known_and_unknown_emails_cost_the_same_statements():
    make_customer(email="sara@example.com")
    work = []
    for username in ("sara@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as asked:
            ask(username)
        with CaptureQueriesContext(connection) as verified:
            verify(username, other_than(Message.objects.get().text[-6:]))
        verbs = [row["sql"].split()[0] for row in (*asked, *verified)]
        work.append([verb for verb in verbs if verb not in ("SAVEPOINT", "RELEASE", "ROLLBACK")])
    assert work[0] == work[1]
    assert (work[0].count("INSERT"), Message.objects.count()) == (2, 1)


def test_the_code_becomes_a_token_that_opens_the_api():
    customer = make_customer(mobile=NUMBER, email="sara@example.com")
    ask("sara@example.com")
    told = verify("sara@example.com", read_phone(NUMBER))
    assert list(told) == ["status", "access_token", "token_type", "expires_at"]
    assert (told["status"], told["token_type"]) == (200, "Bearer")
    assert abs(told["expires_at"] - time.time() - 30 * 86_400) < 60
    status, profile = call("GET", "user", token=told["access_token"])
    assert (status, profile["status"], profile["user"]["id"]) == (200, 200, customer.pk)


def test_a_token_is_kept_by_nobody_on_the_way():
    ask(TYPED)
    body = {"username": TYPED, "code": read_phone(NUMBER)}
    answer = client.post(f"{ROOT}login/verify/", body, "application/json")
    assert (answer.json()["status"], answer.headers["Cache-Control"]) == (200, "no-store")


def test_persian_digits_numbers_and_forms_are_taken():
    ask("۰۹۳۵۱۱۱۲۲۳۳")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    assert verify(TYPED, read_phone(NUMBER).translate(persian))["status"] == 200
    let_pass(121)
    ask(9351112233)
    assert verify(9351112233, int(read_phone(NUMBER)))["status"] == 200
    let_pass(121)
    form = "application/x-www-form-urlencoded"
    assert client.post(f"{ROOT}login/", f"username={TYPED}", form).json()["status"] == 201
    body = f"username={TYPED}&code={read_phone(NUMBER)}"
    assert client.post(f"{ROOT}login/verify", body, form).json()["status"] == 200


def test_wrong_used_and_expired_codes_are_401_in_the_body():
    ask(TYPED)
    code = read_phone(NUMBER)
    assert [verify(TYPED, other_than(code)), verify(TYPED, code)["status"], verify(TYPED, code)] == [
        WRONG,
        200,
        WRONG,
    ]
    let_pass(121)
    ask(TYPED)
    let_pass(121)
    assert verify(TYPED, read_phone(NUMBER)) == WRONG


def test_the_sixth_try_is_refused_though_right():
    ask(TYPED)
    code = read_phone(NUMBER)
    assert [verify(TYPED, other_than(code)) for _ in range(5)] == [WRONG] * 5
    assert verify(TYPED, code) == WRONG


def test_who_never_asked_is_not_known_though_a_customer():
    make_customer(mobile=NUMBER)
    assert verify(TYPED, "123456") == NO_USER


@pytest.mark.parametrize("code", ["sint", "12345", "1234567", "12 456"])
def test_a_malformed_code_is_400(code):
    ask(TYPED)
    assert verify(TYPED, code) == MALFORMED


@pytest.mark.parametrize("username", ["voluptas", "0935", "a@b", "02122334455"])
def test_a_malformed_username_is_400(username):
    assert (ask(username), verify(username, "123456")) == (MALFORMED, MALFORMED)


BAD = ["a" * 1_000_000, "a\0b", "a\ud800b", ["a"], {"a": 1}, True, 1.5, 10**2000]


@pytest.mark.parametrize("value", BAD, ids=lambda value: str(value)[:8].encode("ascii", "replace").decode())
def test_what_is_no_text_is_400_and_names_the_field(value):
    refused = [
        {"status": 400, "message": f"مقدار فیلد {field} نامعتبر است"} for field in ("username", "code")
    ]
    assert (ask(value), verify(value, "123456"), verify(TYPED, value)) == (refused[0], *refused)
    assert LoginCode.objects.count() == 0


def test_what_is_missing_is_named():
    missing = [{"status": 400, "message": f"فیلد {field} الزامی است"} for field in ("username", "code")]
    assert call("POST", "login") == (200, missing[0])
    assert (ask(None), ask(" "), verify(TYPED, None), verify(TYPED, "")) == (
        missing[0],
        missing[0],
        *missing[1:] * 2,
    )


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "nonsense", "[" * 50_000])
def test_a_body_that_is_no_object_is_400(body):
    answers = [client.post(ROOT + path, body, "application/json") for path in ("login", "login/verify")]
    assert [(answer.status_code, answer.json()["status"]) for answer in answers] == [(200, 400)] * 2


def test_a_wrong_method_is_said_in_the_envelope():
    assert [call("GET", path)[0] for path in ("login", "login/verify")] == [405, 405]
    assert call("GET", "login")[1]["status"] == 405


def test_staff_log_in_too_but_not_into_the_admin():
    make_customer(mobile=NUMBER, is_staff=True)
    ask(TYPED)
    token = verify(TYPED, read_phone(NUMBER))["access_token"]
    assert call("GET", "user", token=token)[1]["user"]["role"] == "admin"
    assert client.get("/admin/", headers={"Authorization": f"Bearer {token}"}).status_code == 302


def test_a_new_customer_s_referrer_is_noted_once():
    referrer = make_customer(mobile="+989350000001")
    Customer.objects.filter(pk=referrer.pk).update(created=timezone.now() - timedelta(days=1))
    ask(TYPED)
    assert verify(TYPED, read_phone(NUMBER), ref=find_code(referrer.pk))["status"] == 200
    (referral,) = Referral.objects.all()
    assert (referral.referrer, referral.customer.mobile) == (referrer, NUMBER)
    let_pass(121)
    ask(TYPED)
    assert verify(TYPED, read_phone(NUMBER), ref=find_code(make_customer().pk))["status"] == 200
    assert Referral.objects.get().referrer == referrer


@pytest.mark.parametrize("ref", ["nobody", ["x"], {"x": 1}, 5, "\0", "x" * 100_000, None])
def test_a_referral_that_makes_no_sense_keeps_nobody_out(ref):
    ask(TYPED)
    assert verify(TYPED, read_phone(NUMBER), ref=ref)["status"] == 200
    assert Referral.objects.count() == 0


def test_an_old_token_in_the_header_does_not_hinder_a_login():
    ask(TYPED)
    assert verify(TYPED, read_phone(NUMBER), token="ended-long-ago")["status"] == 200


def test_logout_ends_this_token_and_no_other():
    customer = make_customer()
    token, other = log_in(customer), log_in(customer)
    assert call("GET", "logout", token=token) == (200, LOGGED_OUT)
    assert [call("GET", "user", token=text)[0] for text in (token, other)] == [401, 200]
    assert call("GET", "logout/", token=token) == (401, WRONG)


def test_a_key_can_t_be_ended_by_logout():
    token = make_key(make_customer(), ApiToken.Contract.PANEL_APP)
    assert call("GET", "logout", token=token) == (200, {"status": 403, "message": "منع دسترسی"})
    assert call("GET", "user", token=token)[0] == 200


def test_only_get_logs_out():
    token = log_in(make_customer())
    answers = [
        getattr(client, method)(f"{ROOT}logout", headers={"Authorization": f"Bearer {token}"})
        for method in ("head", "post")
    ]
    assert [answer.status_code for answer in answers] == [405, 405]
    assert call("GET", "user", token=token)[0] == 200
