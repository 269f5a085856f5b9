"""Which contract answers on a path that two share."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from panel.accounts.tokens import issue_token, revoke_token
from panel.api.shared_paths import NO_CONTRACT, ORDER, SERVICES, speak_by_token
from tests.factories import make_customer

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
    assert set(SERVICES) == set(ORDER) == {"happy_follower", "happy_sandbox", NO_CONTRACT}
