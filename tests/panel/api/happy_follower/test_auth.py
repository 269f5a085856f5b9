"""Keys, refresh tokens and tokens at the door: who gets in where, and in which words the others are sent away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Order
from panel.accounts.models import ApiToken
from panel.accounts.tokens import revoke_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer, make_key
from tests.panel.api.happy_follower.conftest import BAD_TOKEN, DONE, REAL, SANDBOX, enter, send

pytestmark = pytest.mark.django_db
REFUSED = (401, BAD_TOKEN)
WORLDS = pytest.mark.parametrize("root", [REAL, SANDBOX], ids=["real", "sandbox"])


def row_of(token):
    return ApiToken.objects.get(digest=digest_token(token))


def authenticate(key, root=REAL):
    return send("GET", root + "auth", key)[1]


def renew(refresh_token, old_token, root=REAL):
    headers = {"refresh-token": f"Bearer {refresh_token}", "old-token": f"Bearer {old_token}"}
    return send("GET", root + "ref-auth", headers=headers)


def credit(token, root=REAL):
    return send("GET", root + "credit/", token)[0]


@WORLDS
def test_a_key_gets_in_and_its_token_is_renewed(key, root):
    told = authenticate(key, root)
    assert list(told) == ["operation", "refreshToken", "token"]
    status, renewed = renew(told["refreshToken"], told["token"], root)
    assert (status, list(renewed), renewed["operation"]) == (200, ["operation", "token"], "success")
    assert (credit(told["token"], root), credit(renewed["token"], root)) == (401, 200)
    assert renew(told["refreshToken"], told["token"], root) == REFUSED
    assert renew(told["refreshToken"], renewed["token"], root)[0] == 200


@WORLDS
def test_tokens_are_of_their_own_world(key, root):
    other = SANDBOX if root == REAL else REAL
    told = authenticate(key, root)
    assert (credit(told["token"], root), credit(told["token"], other)) == (200, 401)
    assert renew(told["refreshToken"], told["token"], other) == REFUSED
    assert send("GET", other + "services", told["token"]) == REFUSED
    body = {"data": b"{}", "content_type": "application/json"}
    assert send("POST", other + "order", told["token"], **body) == REFUSED


@WORLDS
@pytest.mark.parametrize("scheme", ["bearer {}", "BEARER {}", " Bearer   {} "])
def test_the_scheme_is_read_as_http_has_it(key, root, scheme):
    assert send("GET", root + "auth", headers={"Authorization": scheme.format(key)})[0] == 200


@WORLDS
@pytest.mark.parametrize(
    "given", ["{}", "Token {}", "Bearer", "Bearer x{}", "Bearer {} x", "Bearer\x00{}", "Bearer é{}"]
)
def test_anything_else_is_no_token(key, root, given):
    token = enter(key, root).token
    shared = ("services",) if root == SANDBOX else ()  # elsewhere they are answered as panel-app does
    for path, credential in (("auth", key), *((path, token) for path in ("credit", *shared, "status/1"))):
        headers = {"Authorization": given.format(credential)}
        assert send("GET", root + path, headers=headers) == REFUSED


@WORLDS
def test_no_token_at_all(db, root):
    for path in ("auth", "ref-auth", "status/1/", "credit/"):
        assert send("GET", root + path) == REFUSED


def test_no_token_at_all_on_what_the_contracts_do_not_share(db):
    assert send("GET", SANDBOX + "services") == REFUSED
    assert send("POST", SANDBOX + "order") == REFUSED


def test_the_answer_says_which_scheme_is_wanted(db):
    answer = Client().get("/api/v1/credit/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_answers_with_tokens_are_kept_by_nobody(key):
    answer = Client().get("/api/v1/auth", headers={"Authorization": f"Bearer {key}"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_kind_of_token_does_its_own_work_only(key):
    told = authenticate(key)
    assert send("GET", "/api/v1/auth", told["token"]) == REFUSED
    assert send("GET", "/api/v1/auth", told["refreshToken"]) == REFUSED
    assert (credit(key), credit(told["refreshToken"])) == (401, 401)
    assert renew(told["token"], told["token"]) == REFUSED
    assert renew(key, told["token"]) == REFUSED
    assert renew(told["refreshToken"], told["token"])[0] == 200


def test_a_key_of_another_contract(customer):
    for contract in ("standard", "gray_city", "happy_sandbox"):
        assert send("GET", "/api/v1/auth", make_key(customer, contract)) == REFUSED


def test_a_token_that_ended_is_refused_in_these_words(key):
    expired, revoked, replaced = (authenticate(key) for _ in range(3))
    past = timezone.now() - timedelta(hours=1)
    ApiToken.objects.filter(digest=digest_token(expired["token"])).update(expires_at=past)
    revoke_token(row_of(revoked["token"]))
    renew(replaced["refreshToken"], replaced["token"])
    for told in (expired, revoked, replaced):
        for path in ("services", "services/", "credit/", "status/1/"):
            assert send("GET", REAL + path, told["token"]) == REFUSED
        for path in ("order", "order/", "cancel", "recheck"):
            assert send("POST", REAL + path, told["token"]) == REFUSED
    assert renew(expired["refreshToken"], expired["token"])[0] == 200


def test_a_revoked_key_takes_its_tokens_with_it(key):
    told = authenticate(key)
    revoke_token(row_of(key))
    assert (credit(told["token"]), renew(told["refreshToken"], told["token"])) == (401, REFUSED)
    assert send("GET", "/api/v1/auth", key) == REFUSED


def test_networks_of_the_key_hold_for_its_tokens(key):
    ApiToken.objects.update(allowed_networks=["127.0.0.0/8"])
    told = authenticate(key)
    assert credit(told["token"]) == 200
    ApiToken.objects.update(allowed_networks=["203.0.113.0/24"])
    assert (credit(told["token"]), send("GET", "/api/v1/auth", key)) == (401, REFUSED)
    assert renew(told["refreshToken"], told["token"]) == REFUSED


@WORLDS
def test_a_read_only_key_reads(key, order_of, ledger, root):
    ApiToken.objects.update(scopes=["read"])
    caller, before = enter(key, root), ledger()
    assert (caller.get("credit")[0], caller.get("services")[0]) == (200, 200)
    words = (403, {"operation": "error", "message": "این کلید API فقط اجازه خواندن دارد"})
    assert caller.post("order", order_of()) == words
    if root == REAL:
        assert caller.post("cancel", {"orderId": 1}) == caller.post("recheck", {"orderId": 1}) == words
    assert ledger() == before


def test_a_blocked_customer_looks_and_orders_nothing(customer, caller, order_of):
    customer.order_block = "no"
    customer.save()
    words = {"operation": "error", "message": "ثبت سفارش برای حساب شما غیرفعال است"}
    assert caller.get("credit/") == (200, DONE | {"credit": 1_000_000})
    assert caller.post("order", order_of()) == (403, words)
    assert Order.objects.count() == 0


def test_a_locked_customer_is_nobody(customer, key, caller):
    customer.is_active = False
    customer.save()
    assert (caller.get("credit/"), send("GET", "/api/v1/auth", key)) == (REFUSED, REFUSED)


def test_strangers_tokens_renew_nothing_of_ours(key):
    ours = authenticate(key)
    theirs = authenticate(make_key(make_customer(), "happy_follower"))
    assert renew(ours["refreshToken"], theirs["token"]) == REFUSED
    assert renew(theirs["refreshToken"], ours["token"]) == REFUSED
    assert (credit(ours["token"]), credit(theirs["token"])) == (200, 200)
