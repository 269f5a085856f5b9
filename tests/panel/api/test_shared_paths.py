"""Which contract answers on a path that two share."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from panel.accounts.tokens import issue_token, revoke_token
from panel.api.shared_paths import NO_CONTRACT, ORDER, SERVICES, speak_by_token
from tests.factories import make_customer, make_key, make_service

pytestmark = pytest.mark.django_db
CONTRACTS = ("happy_follower", "panel_app", NO_CONTRACT)
view = speak_by_token({name: lambda request, name=name: HttpResponse(str(name)) for name in CONTRACTS})


def ask(authorization=None):
    headers = {"Authorization": authorization} if authorization else {}
    return view(RequestFactory().post("/api/v1/order", headers=headers)).content.decode()


@pytest.mark.parametrize(
    ("contract", "answers"),
    [("happy_follower", "happy_follower"), ("panel_app", "panel_app"), ("standard", "None")],
)
def test_a_token_speaks_its_contract_also_when_it_has_ended(contract, answers):
    row, token = issue_token(make_customer(), contract)
    assert ask(f"Bearer {token}") == answers
    revoke_token(row)
    assert ask(f"Bearer {token}") == answers


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer nobody's", "Token x", "nonsense"])
def test_anybody_else_gets_the_other_view(authorization):
    assert ask(authorization) == "None"


def test_both_paths_know_the_same_contracts():
    assert set(SERVICES) == set(ORDER) == {"happy_follower", "happy_sandbox", "panel_app", NO_CONTRACT}


@pytest.mark.parametrize(
    "contract", [None, "panel_app", "standard", "gray_city", "happy_follower", "happy_sandbox"]
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_in_which_words_an_ended_token_is_refused(contract, slash):
    panel = {"status": 401, "message": "توکن اشتباه یا منقضی شده است"}
    happy = {"operation": "error", "message": "توکن نامعتبر یا منقضی شده است"}
    token = "nobody's"
    if contract:
        row, token = issue_token(make_customer(), contract)
        revoke_token(row)
    response = Client().post(f"/api/v1/order{slash}", headers={"Authorization": f"Bearer {token}"})
    is_happy = contract in ("happy_follower", "happy_sandbox")
    assert (response.status_code, response.json()) == (401, happy if is_happy else panel)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_services_are_public_but_for_happy_follower():
    customer, service = make_customer(), make_service()
    for contract in (None, "panel_app", "standard"):
        headers = {"Authorization": f"Bearer {make_key(customer, contract)}"} if contract else {}
        told = Client().get("/api/v1/services", headers=headers).json()
        assert [row["id"] for row in told["services"]] == [service.pk]
    token = issue_token(customer, "happy_follower", use="access")[1]
    told = Client().get("/api/v1/services", headers={"Authorization": f"Bearer {token}"}).json()
    assert told == {"operation": "success", "services": [{"serviceId": service.pk, "name": "Likes"}]}


def test_a_form_s_cookie_is_nothing_to_them():
    """Programs bring no CSRF token."""
    response = Client(enforce_csrf_checks=True).post("/api/v1/order", {"link": "x"}, "application/json")
    assert (response.status_code, response.json()["status"]) == (401, 401)
