"""Who may call: tokens, passwords, account states, read-only keys; and that everybody else hears the same."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from panel.accounts.call_logins import CallLogins
from panel.accounts.models import ApiToken, Customer, LoginTry
from panel.accounts.tokens import revoke_token
from panel.api.sms_rest.urls import ROUTES
from sms.models import Package, Send
from tests.factories import make_customer, make_key
from tests.panel.api.sms_rest.conftest import (
    BAD_CREDENTIALS,
    ROOT,
    Caller,
    call,
    client,
    done,
    make_account,
    make_caller,
    told,
)

READS = {
    "my/credit": {"value": 0},
    "my": {"details": None},
    "sms/latest": {"details": None},
    "sms/status?idArray=1": {"result": []},
    "my/phonebook": {"result": []},
    "my/phonebook/x": {"result": []},
    "phonebook/1/number": {"result": []},
}
# Method, path, and what stands beside the code; None where the result is the bare code.
CHANGES = [
    ("POST", "sms/send", {"id": 0}),
    ("POST", "sms/future-send", {"id": 0}),
    ("POST", "sms/pattern-send", {"id": 0}),
    ("POST", "sms/phonebook-send", {"id": 0}),
    ("POST", "phonebook", {"id": 0}),
    ("DELETE", "phonebook/1", None),
    ("POST", "phonebook/1/number", None),
    ("DELETE", "phonebook/1/number", None),
]
PAST = timezone.now() - timedelta(days=1)
SHUT = [
    (1, "account", {"closed_at": PAST}),
    (3, "customer", {"is_active": False}),
    (4, "account", {"expires_at": PAST}),
    (5, "customer", {"mobile_verified": False}),
    (6, "account", {"access": False}),
    (6, "package", {"active": False}),
]


@pytest.fixture(autouse=True)
def _quick_passwords(settings, monkeypatch):
    """MD5 for passwords, and a process that remembers none."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("panel.api.sms_rest.auth.find_caller", CallLogins().find_caller)


@pytest.fixture
def by_password(customer):
    customer.set_password("right-one")
    customer.save()
    return Caller({"username": "reseller", "password": "right-one"})


def tell_refusal(code, beside):
    return done(code if beside is None else {"status": code, **beside})


class TestTokens:
    def test_a_key_of_this_contract(self, caller):
        assert caller.get("my/credit") == done({"status": 0, "value": 1_000})
        assert ApiToken.objects.get().last_used_at is not None

    @pytest.mark.parametrize("contract", ["standard", "panel_app", "gray_city", "happy_follower"])
    def test_keys_of_other_contracts(self, customer, contract):
        assert Caller({"token": make_key(customer, contract)}).get("my/credit") == BAD_CREDENTIALS

    def test_a_key_is_good_for_no_other_contract(self, customer, caller):
        bearer = {"Authorization": f"Bearer {caller.headers['token']}"}
        assert told(call("GET", "user", headers=bearer, root="/api/v1/"))[0] == 401

    @pytest.mark.parametrize(
        "fields",
        [
            {"expires_at": PAST},
            {"revoked_at": PAST},
            {"use": "refresh"},
            {"use": "access"},
            {"allowed_networks": ["192.0.2.0/24"]},
        ],
    )
    def test_keys_that_are_no_good(self, customer, fields):
        assert make_caller(customer, **fields).get("my/credit") == BAD_CREDENTIALS

    def test_a_revoked_one(self, caller):
        revoke_token(ApiToken.objects.get())
        assert caller.get("my/credit") == BAD_CREDENTIALS

    def test_a_network_that_is_allowed(self, customer):
        assert make_caller(customer, allowed_networks=["127.0.0.0/8"]).get("my/credit")[0] == 200

    @pytest.mark.parametrize("token", ["", " ", "x", "توکن", "a" * 5_000])
    def test_what_nobody_has(self, db, token):
        assert Caller({"token": token}).get("my/credit") == BAD_CREDENTIALS

    def test_too_many_calls(self, caller, settings):
        settings.API_CALLS_PER_MINUTE = {0: 2}
        assert [caller.get("my/credit")[0] for _ in range(3)] == [200, 200, 429]
        answer = call("GET", "my/credit", headers=caller.headers)
        assert (answer.json()["status"], 1 <= int(answer.headers["Retry-After"]) <= 60) == (429, True)


class TestPasswords:
    def test_by_every_login_name(self, customer, by_password):
        Customer.objects.update(email="Sara@Example.com")
        for name in ("reseller", "09121000000", "+98 912 100 0000", "sara@example.com"):
            answer = Caller(by_password.headers | {"username": name}).get("my/credit")
            assert answer == done({"status": 0, "value": 1_000})

    def test_letters_beyond_latin(self, customer):
        customer.set_password("رمزِ من")
        customer.save()
        as_servers_do = "رمزِ من".encode().decode("latin-1")
        assert Caller({"username": "reseller", "password": as_servers_do}).get("my/credit")[0] == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"password": "wrong"},
            {"password": ""},
            {"username": "nobody"},
            {"username": ""},
            {"username": "a\x00b"},
            {"username": "x" * 300},
            {"password": "x" * 300},
        ],
    )
    def test_wrong_ones(self, by_password, headers):
        assert Caller(by_password.headers | headers).get("my/credit") == BAD_CREDENTIALS

    def test_a_token_goes_first(self, by_password):
        assert Caller(by_password.headers | {"token": "x"}).get("my/credit") == BAD_CREDENTIALS

    def test_staff_do_not_enter_here(self, customer, by_password, settings):
        Customer.objects.update(is_staff=True)
        settings.LOGIN_TRIES = 3
        answers = [by_password.get("my/credit") for _ in range(4)]
        assert answers[:3] == [BAD_CREDENTIALS] * 3
        assert answers[3][0] == 429  # as for any wrong password, so nobody learns that it is the right one

    def test_who_became_staff_since(self, by_password):
        assert by_password.get("my/credit")[0] == 200
        Customer.objects.update(is_staff=True)
        assert by_password.get("my/credit") == BAD_CREDENTIALS

    def test_tries_are_counted_by_account_and_by_address(self, by_password, settings):
        settings.LOGIN_TRIES = 3
        wrong = Caller(by_password.headers | {"password": "wrong"})
        assert [wrong.get("my/credit")[0] for _ in range(4)] == [401, 401, 401, 429]
        answer = call("GET", "my/credit", headers=by_password.headers)
        assert (answer.status_code, answer.json()["status"]) == (429, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= settings.LOGIN_WINDOW_SECONDS + 1

    def test_guesses_do_not_shut_out_who_calls_all_the_time(self, by_password, settings):
        settings.LOGIN_TRIES = 3
        assert by_password.get("my/credit")[0] == 200
        for _ in range(4):
            Caller(by_password.headers | {"password": "wrong"}).get("my/credit")
        assert by_password.get("my/credit")[0] == 200

    def test_a_password_is_hashed_once(self, by_password, monkeypatch):
        hashed = []
        check = Customer.check_password
        monkeypatch.setattr(Customer, "check_password", lambda *args: hashed.append(1) or check(*args))
        assert [by_password.get("my/credit")[0] for _ in range(5)] == [200] * 5
        assert (len(hashed), LoginTry.objects.count()) == (1, 0)

    def test_a_new_password_counts_at_once(self, customer, by_password):
        assert by_password.get("my/credit")[0] == 200
        customer.set_password("another-one")
        customer.save()
        assert by_password.get("my/credit") == BAD_CREDENTIALS

    def test_a_number_that_changed_its_owner(self, customer, by_password):
        by_number = Caller(by_password.headers | {"username": "09121000000"})
        assert by_number.get("my/credit")[0] == 200
        Customer.objects.update(mobile="+989121000001")
        make_customer(mobile="+989121000000")
        assert by_number.get("my/credit") == BAD_CREDENTIALS

    def test_too_many_calls(self, by_password, settings):
        settings.API_CALLS_PER_MINUTE = {0: 2}
        assert [by_password.get("my/credit")[0] for _ in range(3)] == [200, 200, 429]

    def test_a_locked_customer_is_told_so(self, by_password):
        Customer.objects.update(is_active=False)
        assert by_password.get("my/credit") == done({"status": 3, "value": 0})


class TestStates:
    @pytest.mark.parametrize(("code", "where", "fields"), SHUT)
    def test_states_that_shut_everything(self, caller, customer, rows, code, where, fields):
        if where == "account":
            make_account(customer, **fields)
        else:
            {"customer": Customer, "package": Package}[where].objects.update(**fields)
        before = rows()
        assert {path: caller.get(path) for path in READS} == {
            path: tell_refusal(code, beside) for path, beside in READS.items()
        }
        for method, path, beside in CHANGES:
            assert told(call(method, path, {}, caller.headers)) == tell_refusal(code, beside), path
        many = caller.post("sms/multiple-send", {"fromArray": ["1", "2"]})
        assert many == done([{"status": code, "id": 0}] * 2)
        assert rows() == before

    def test_a_trial_account_reads_and_changes_nothing(self, caller, customer, letter, rows):
        make_account(customer, trial=True, company="Sepid")
        before = rows()
        assert caller.get("my/credit") == done({"status": 2, "value": 1_000})
        _, profile = caller.get("my")
        assert (profile["result"]["status"], profile["result"]["details"]["company"]) == (2, "Sepid")
        assert caller.get("my/phonebook") == done({"status": 0, "result": []})
        assert caller.get("sms/latest") == done({"status": 31, "details": None})
        assert caller.post("sms/send", letter()) == done({"status": 2, "id": 0})
        for method, path, beside in CHANGES:
            assert told(call(method, path, {}, caller.headers)) == tell_refusal(2, beside), path
        assert rows() == before

    def test_a_read_only_key_reads_and_changes_nothing(self, customer, letter, rows):
        reader = make_caller(customer, scopes=["read"])
        before = rows()
        assert reader.get("my/credit") == done({"status": 0, "value": 1_000})
        assert reader.post("sms/send", letter()) == done({"status": 6, "id": 0})
        for method, path, beside in CHANGES:
            assert told(call(method, path, {}, reader.headers)) == tell_refusal(6, beside), path
        assert rows() == before

    def test_one_s_own_package(self, caller, customer, letter):
        make_account(customer, package=Package.objects.create(name="dear", persian_price=90, latin_price=70))
        assert caller.post("sms/send", letter())[1]["result"]["status"] == 0
        assert Send.objects.get().charge == 70


class TestEnvelope:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"[]",
            b'"text"',
            b"5",
            b"null",
            b"\xff\xfe",
            b'{"a": ' + b"9" * 5_000 + b"}",
            b"[" * 100_000,
            b'{"recipients":' + b"[" * 50_000,
        ],
        ids=["broken", "list", "text", "number", "null", "bytes", "digits", "nested", "deep"],
    )
    def test_bodies_that_can_not_be_read(self, caller, body):
        answer = client.generic("POST", f"{ROOT}sms/send", body, "application/json", headers=caller.headers)
        words = "بدنه درخواست خوانا نیست؛ آن را به شکل یک ساختار JSON بفرستید"
        assert told(answer) == (400, {"status": 400, "message": words})

    def test_lists_that_are_nested_below_the_limit(self, caller, letter):
        nested = []
        for _ in range(200):
            nested = [nested]
        assert caller.post("sms/send", letter(recipients=nested)) == done({"status": 28, "id": 0})

    def test_a_body_that_is_too_large(self, caller, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        status, body = caller.post("sms/send", {"message": "x" * 200})
        assert (status, body) == (413, {"status": 413, "message": "حجم درخواست بیش از حد مجاز است"})

    @pytest.mark.parametrize(
        "kind", ["application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data; boundary=x"]
    )
    def test_json_under_any_label(self, caller, letter, kind):
        """As `curl -d` and PHP's curl send it when nobody says otherwise; the document names no content type."""
        body = json.dumps(letter())
        answer = client.generic("POST", f"{ROOT}sms/send", body, kind, headers=caller.headers)
        assert told(answer) == done({"status": 0, "id": Send.objects.get().pk})

    @pytest.mark.parametrize(
        "path", ["", "x", "my/credits", "sms", "sms/send/x", "phonebook/1/x", "my/phonebook/a%0Ab"]
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_paths_that_are_not_there(self, db, method, path):
        words = "نشانی درخواست یافت نشد"
        assert told(call(method, path)) == (404, {"status": 404, "message": words})

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "my/credit"),
            ("GET", "sms/send"),
            ("PUT", "sms/send"),
            ("DELETE", "phonebook"),
            ("PATCH", "phonebook/1/number"),
            ("GET", "user/register"),
            ("OPTIONS", "my"),
        ],
    )
    def test_wrong_methods(self, caller, method, path):
        words = "این روش HTTP برای این نشانی پشتیبانی نمی‌شود"
        assert told(call(method, path, headers=caller.headers)) == (405, {"status": 405, "message": words})

    def test_trailing_slashes(self, caller, letter):
        for path in READS:
            assert caller.get(path.replace("?", "/?") if "?" in path else f"{path}/")[0] == 200
        assert caller.post("sms/send/", letter())[1]["result"]["status"] == 0
        assert len(ROUTES) == 15  # two of them have several methods

    def test_no_cookies_and_no_forgery_check(self, customer, letter):
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(
            f"{ROOT}sms/send", letter(), "application/json", headers=make_caller(customer).headers
        )
        assert (answer.json()["result"]["status"], dict(answer.cookies)) == (0, {})
        assert "Content-Security-Policy" not in answer.headers


class TestTrouble:
    @pytest.mark.parametrize(
        ("method", "path", "beside"), [*(("GET", path, beside) for path, beside in READS.items()), *CHANGES]
    )
    @pytest.mark.parametrize("code", [1000, 2000])
    def test_what_breaks(self, caller, rows, monkeypatch, method, path, beside, code):
        def fail(*args):
            raise OperationalError("password=secret") if code == 1000 else ZeroDivisionError

        before = rows()
        monkeypatch.setattr("panel.api.sms_rest.base.find_account", fail)
        assert told(call(method, path, {}, caller.headers)) == tell_refusal(code, beside)
        assert rows() == before

    def test_what_the_database_says_is_not_logged(self, caller, monkeypatch, caplog):
        def fail(*args):
            raise OperationalError("password=secret")

        monkeypatch.setattr("panel.api.sms_rest.base.find_account", fail)
        caller.get("my/credit")
        logged = "a call of the SMS gateway failed: OperationalError"
        told = [record.getMessage() for record in caplog.records if record.name != "panel.access"]
        assert told == [logged]
