"""Who may call, in which version of the contract, and that every fault ends in its envelope."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from panel.accounts.login_tokens import open_login
from panel.accounts.models import ApiToken, Customer
from panel.api.likenama.urls import ROUTES
from tests.factories import make_customer, make_key
from tests.panel.api.likenama.conftest import (
    BAD_TOKEN,
    NOT_FOUND,
    Caller,
    call,
    client,
    count_rows,
    make_caller,
    refuse,
    told,
)

LOCKED = "اکانت شما قفل شدهاست. برای اطلاعات بیشتر با پشتیبانی تماس بگیرید"
READ_ONLY = "این کلید فقط برای خواندن است"
UNREADABLE = "بدنه درخواست خوانا نیست؛ آن را به شکل JSON بفرستید"
PAST = timezone.now() - timedelta(days=1)
CALLS = [
    ("GET", "campaigns"),
    ("GET", "campaigns/new"),
    ("POST", "campaigns"),
    ("GET", "campaigns/next"),
    ("POST", "campaigns/1/like"),
    ("POST", "campaigns/1/report"),
    ("GET", "products"),
    ("POST", "products/1/purchase"),
    ("GET", "users/self"),
    ("GET", "bundles"),
    ("POST", "bundles/sku/purchase"),
    ("POST", "messages"),
]
POSTS = [path for method, path in CALLS if method == "POST"]


def refuse_at(path, status, words):
    """The same for any path: that of messages has a list."""
    return (status, {"errors": [words]}) if path.startswith("messages") else refuse(status, words)


class TestTokens:
    def test_a_key_of_this_contract(self, caller):
        user = {"username": "phoebe", "like_credit": 0, "coin_credit": 0}
        assert caller.get("users/self") == (200, {"user": user})
        assert ApiToken.objects.get().last_used_at is not None

    def test_a_login(self, customer):
        token = open_login(customer, ApiToken.Contract.LIKENAMA).token
        assert Caller({"Authorization": token}).get("users/self")[0] == 200

    def test_who_writes_bearer_is_understood(self, caller):
        bearer = Caller({"Authorization": f"Bearer {caller.headers['Authorization']}"})
        assert bearer.get("users/self")[0] == 200

    @pytest.mark.parametrize("contract", ["standard", "panel_app", "gray_city", "happy_follower", "sms_rest"])
    def test_keys_of_other_contracts(self, customer, contract):
        key = make_key(customer, contract)
        assert Caller({"Authorization": key}).get("users/self") == refuse(401, BAD_TOKEN)

    def test_a_login_of_the_other_app(self, customer):
        token = open_login(customer).token
        assert Caller({"Authorization": token}).get("users/self") == refuse(401, BAD_TOKEN)

    @pytest.mark.parametrize(
        "fields",
        [
            {"expires_at": PAST},
            {"revoked_at": PAST},
            {"use": "refresh"},
            {"allowed_networks": ["192.0.2.0/24"]},
        ],
    )
    def test_tokens_that_are_no_good(self, customer, fields):
        assert make_caller(customer, **fields).get("users/self") == refuse(401, BAD_TOKEN)

    @pytest.mark.parametrize("token", ["", " ", "x", "Token x", "Bearer ", "a" * 5_000])
    @pytest.mark.parametrize(("method", "path"), CALLS)
    def test_what_nobody_has_opens_nothing(self, db, method, path, token):
        answer = call(method, path, {}, {"Authorization": token})
        assert told(answer) == refuse_at(path, 401, BAD_TOKEN)
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_without_the_header(self, db):
        assert Caller().get("users/self") == refuse(401, BAD_TOKEN)

    @pytest.mark.parametrize(("method", "path"), CALLS)
    def test_a_locked_account_is_told_so_everywhere(self, caller, method, path):
        Customer.objects.update(is_active=False)
        assert told(call(method, path, {}, caller.headers)) == refuse_at(path, 401, LOCKED)

    def test_a_bad_token_of_a_locked_account_tells_nothing(self, customer):
        caller = make_caller(customer, expires_at=PAST)
        Customer.objects.update(is_active=False)
        assert caller.get("users/self") == refuse(401, BAD_TOKEN)

    @pytest.mark.parametrize("path", POSTS)
    def test_a_read_only_key_changes_nothing(self, customer, path):
        reader = make_caller(customer, scopes=["read"])
        before = count_rows()
        assert reader.post(path, {}) == refuse_at(path, 403, READ_ONLY)
        assert (reader.get("users/self")[0], count_rows()) == (200, before)

    def test_too_many_calls(self, caller, settings):
        settings.API_CALLS_PER_MINUTE = {0: 2}
        assert [caller.get("users/self")[0] for _ in range(2)] == [200, 200]
        answer = call("GET", "users/self", headers=caller.headers)
        words = "تعداد درخواست‌ها بیش از حد مجاز است؛ کمی بعد دوباره تلاش کنید"
        assert told(answer) == refuse(429, words)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60


class TestVersions:
    @pytest.mark.parametrize(
        "accept",
        [
            "application/vnd.likenama.v1",
            "application/vnd.likenama.v1+json",
            "Application/Vnd.Likenama.V1; q=0.9",
            "application/vnd.likenama.v2, application/vnd.likenama.v1;q=0.5",
            "application/json",
            "*/*",
            "text/html",
            "",
        ],
    )
    def test_version_1_and_whoever_names_none(self, caller, accept):
        answer = call("GET", "users/self", headers=caller.headers | {"Accept": accept})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")

    def test_without_the_header(self, caller):
        answer = client.get("/api/users/self", headers=caller.headers)
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "accept",
        [
            "application/vnd.likenama.v2",
            "application/vnd.likenama.v0+json",
            "application/vnd.likenama.v10",
            "application/vnd.likenama.v",
            "text/html, application/vnd.likenama.v3;q=0.8, */*;q=0.1",
        ],
    )
    def test_any_other_version_is_gone(self, caller, accept):
        words = "این نسخه از API پشتیبانی نمی‌شود؛ application/vnd.likenama.v1 را به کار ببرید"
        answer = call("GET", "users/self", headers=caller.headers | {"Accept": accept})
        assert told(answer) == refuse(410, words)

    @pytest.mark.parametrize(("method", "path"), [*CALLS, ("GET", "campaigns/nowhere")])
    def test_before_anything_is_done(self, customer, method, path):
        before = count_rows()
        headers = {"Accept": "application/vnd.likenama.v2", "Authorization": "x"}
        status, body = told(call(method, path, {}, headers))
        assert (status, list(body), count_rows()) == (410, ["errors"], before)


class TestEnvelope:
    @pytest.mark.parametrize(
        "body",
        [b"{", b"[]", b'"text"', b"5", b"null", b"\xff\xfe", b'{"a": ' + b"9" * 5_000 + b"}", b"[" * 100_000],
        ids=["broken", "list", "text", "number", "null", "bytes", "digits", "nested"],
    )
    @pytest.mark.parametrize("path", POSTS)
    def test_bodies_that_can_not_be_read(self, caller, path, body):
        answer = client.generic("POST", f"/api/{path}", body, "application/json", headers=caller.headers)
        assert told(answer) == refuse_at(path, 400, UNREADABLE)

    @pytest.mark.parametrize("path", POSTS)
    def test_a_body_that_is_too_large(self, caller, settings, path):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        answer = caller.post(path, {"message": "x" * 200})
        assert answer == refuse_at(path, 413, "حجم درخواست بیش از حد مجاز است")

    @pytest.mark.parametrize("path", POSTS)
    def test_another_kind_of_body(self, caller, path):
        answer = client.generic("POST", f"/api/{path}", b"<a/>", "application/xml", headers=caller.headers)
        words = "نوع محتوای درخواست پشتیبانی نمی‌شود؛ JSON بفرستید"
        assert told(answer) == refuse_at(path, 415, words)

    @pytest.mark.parametrize(
        ("path", "part"),
        [("campaigns", "campaign"), ("bundles/sku/purchase", "bundle"), ("messages", "message")],
    )
    @pytest.mark.parametrize("given", [None, "text", 5, [], True])
    def test_a_missing_part_is_named(self, caller, path, part, given):
        words = f"بخش «{part}» در بدنه درخواست نیست"
        assert caller.post(path, {part: given}) == refuse_at(path, 422, words)
        assert caller.post(path, {}) == refuse_at(path, 422, words)
        assert caller.post(path) == refuse_at(path, 422, words)

    @pytest.mark.parametrize(
        "path",
        [
            "campaigns/1",
            "campaigns/1/likes",
            "campaigns/1/like/x",
            "campaigns//like",
            "products/1",
            "users",
            "users/1",
            "bundles/a/b/purchase",
            "messages/1",
            "campaigns/x%0Ay",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_paths_that_are_not_there(self, db, method, path):
        assert told(call(method, path)) == refuse(404, NOT_FOUND)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("PUT", "campaigns"),
            ("DELETE", "campaigns"),
            ("POST", "campaigns/new"),
            ("POST", "campaigns/next"),
            ("GET", "campaigns/1/like"),
            ("GET", "campaigns/1/report"),
            ("POST", "products"),
            ("GET", "products/1/purchase"),
            ("PATCH", "users/self"),
            ("POST", "bundles"),
            ("GET", "bundles/x/purchase"),
            ("GET", "messages"),
            ("OPTIONS", "campaigns"),
        ],
    )
    def test_wrong_methods(self, caller, method, path):
        words = "این روش HTTP برای این نشانی پشتیبانی نمی‌شود"
        assert told(call(method, path, headers=caller.headers)) == refuse_at(path, 405, words)

    @pytest.mark.parametrize("path", ["campaigns/next", "campaigns/1/like", "messages"])
    def test_what_changes_something_is_not_answered_to_head(self, caller, path):
        assert call("HEAD", path, headers=caller.headers).status_code == 405

    @pytest.mark.parametrize(("method", "path"), CALLS)
    def test_trailing_slashes(self, caller, method, path):
        plain, slashed = (call(method, text, {}, caller.headers) for text in (path, f"{path}/"))
        assert told(plain) == told(slashed)
        assert plain.status_code in (200, 404, 422)
        assert len(CALLS) == len(ROUTES) + 1  # one path has two methods

    def test_no_cookies_and_no_forgery_check(self, customer):
        strict = Client(enforce_csrf_checks=True)
        letter = {"message": {"title": "Hello", "content": "How are you?"}}
        headers = make_caller(customer).headers
        answer = strict.post("/api/messages", letter, "application/json", headers=headers)
        assert (answer.status_code, dict(answer.cookies), answer.content) == (201, {}, b"")
        assert "Content-Security-Policy" not in answer.headers


class TestTrouble:
    @pytest.mark.parametrize(("method", "path"), CALLS)
    @pytest.mark.parametrize("status", [500, 503])
    def test_what_breaks_is_told_in_the_envelope(self, caller, monkeypatch, method, path, status):
        def fail(*args):
            raise OperationalError("password=secret") if status == 503 else ZeroDivisionError

        words = {
            500: "خطایی در سرور رخ داده است؛ کمی بعد دوباره تلاش کنید",
            503: "سامانه موقتاً در دسترس نیست؛ کمی بعد دوباره تلاش کنید",
        }[status]
        monkeypatch.setattr("panel.api.likenama.auth.find_good_key", fail)
        assert told(call(method, path, {}, caller.headers)) == refuse_at(path, status, words)

    def test_neither_tokens_nor_what_the_database_says_are_logged(self, caller, monkeypatch, caplog):
        def fail(*args):
            raise OperationalError("password=secret")

        monkeypatch.setattr("panel.api.likenama.auth.find_good_key", fail)
        caller.get("users/self")
        logged = [record.getMessage() for record in caplog.records if record.name.startswith("panel.api")]
        assert logged == ["a call of SelfView failed: OperationalError"]


def test_the_name_at_instagram_is_shown_once_it_is_known(customer, caller):
    identity = customer.identities.create(provider="instagram", uid="1", username="phoebe_buffay")
    assert caller.get("users/self")[1]["user"]["username"] == "phoebe_buffay"
    identity.username = ""
    identity.save()
    assert caller.get("users/self")[1]["user"]["username"] == "phoebe"
    assert make_caller(make_customer(username="ross")).get("users/self")[1]["user"]["username"] == "ross"
