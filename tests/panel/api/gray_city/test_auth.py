"""Who may call: the document's two words, for every operation, and the throttle."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from panel.accounts.key_usage import KeyUsage
from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token, revoke_token
from panel.api.gray_city import auth
from tests.factories import make_key
from tests.panel.api.gray_city.conftest import (
    ADS,
    CREATE,
    CREATE_V2,
    DESKS,
    FOLLOWER,
    FOLLOWER_PRO,
    TRACKING,
    WATCH_TIME,
    client,
    read,
)

MISSING = (403, {"detail": "اطلاعات احراز هویت ارائه نشده است"})
INVALID = (403, {"detail": "توکن نامعتبر است"})
GETS = ["/api/v2/user/token/", "/api/v2/user/info/", "/api/v2/categories/", TRACKING]
POSTS = [CREATE_V2, CREATE, WATCH_TIME, FOLLOWER, FOLLOWER_PRO, ADS]
INFO = "/api/v2/user/info/"
pytestmark = pytest.mark.django_db


def ask(method, path, authorization=None):
    headers = {} if authorization is None else {"Authorization": authorization}
    return read(client.generic(method, path, b"{}", "application/json", headers=headers))


@pytest.mark.parametrize(("method", "path"), [("GET", p) for p in GETS] + [("POST", p) for p in POSTS])
def test_every_operation_asks_for_a_token(method, path):
    assert ask(method, path) == MISSING
    assert ask(method, path, "Token wrong") == INVALID


@pytest.mark.parametrize("authorization", ["", "Basic YTpi", "Bearer {token}", "{token}", "Tokens {token}"])
def test_no_token(token, authorization):
    assert ask("GET", INFO, authorization.format(token=token)) == MISSING


@pytest.mark.parametrize(
    "authorization",
    ["Token", "Token ", "Token {token}x", "Token {token} x", "Token ''", "Token " + "x" * 9000],
)
def test_bad_token(token, authorization):
    assert ask("GET", INFO, authorization.format(token=token)) == INVALID


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "Token ", "  Token"])
def test_good_token(token, scheme):
    assert ask("GET", INFO, f"{scheme} {token}")[0] == 200


@pytest.mark.parametrize("contract", [c for c in ApiToken.Contract if c != "gray_city"], ids=str)
def test_token_of_another_contract(customer, contract):
    assert ask("GET", INFO, f"Token {make_key(customer, contract)}") == INVALID


@pytest.mark.parametrize("use", ["access", "refresh"])
def test_token_of_another_use(token, use):
    ApiToken.objects.update(use=use)
    assert ask("GET", INFO, f"Token {token}") == INVALID


def test_revoked_token(customer):
    row, token = issue_token(customer, ApiToken.Contract.GRAY_CITY)
    assert ask("GET", INFO, f"Token {token}")[0] == 200
    revoke_token(row)
    assert ask("GET", INFO, f"Token {token}") == INVALID


def test_expired_token(token):
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask("GET", INFO, f"Token {token}") == INVALID


def test_token_from_a_foreign_network(token):
    ApiToken.objects.update(allowed_networks=["203.0.113.0/24"])
    assert ask("GET", INFO, f"Token {token}") == INVALID
    ApiToken.objects.update(allowed_networks=["127.0.0.0/8"])
    assert ask("GET", INFO, f"Token {token}")[0] == 200


def test_locked_customer(customer, token):
    customer.is_active = False
    customer.save()
    assert ask("GET", INFO, f"Token {token}") == INVALID


@pytest.mark.parametrize("changes", [{"category": "x"}, {"category": 0}, {"link": None}, {"count": 1}])
def test_a_stranger_learns_only_that_the_token_is_no_good(order, changes):
    assert order(DESKS[0], {"Authorization": "Token wrong"}, **changes) == INVALID
    assert Order.objects.count() == 0


def test_too_many_calls(token, settings, monkeypatch):
    """The clock stands still, so that no window of a minute ends between two calls."""
    settings.API_CALLS_PER_MINUTE = {0: 2}
    monkeypatch.setattr(auth, "note_call", KeyUsage(clock=lambda: 90.0 + 60 * id(token)).note_call)
    headers = {"Authorization": f"Token {token}"}
    assert [client.get(INFO, headers=headers).status_code for _ in range(2)] == [200, 200]
    answer = client.get(INFO, headers=headers)
    assert read(answer) == (429, {"detail": "تعداد درخواست ها بیش از حد مجاز است"})
    assert answer.headers["Retry-After"] == "30"
