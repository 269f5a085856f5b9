import pytest
import requests

from providers.sandbox.server import SandboxServer
from tests.together import run_together

SECRET = {"CAFEBAZAAR-PISHKHAN-API-SECRET": "sandbox-bazaar-secret"}
NOT_FOUND = {"error": "not_found", "error_description": "The requested purchase is not found!"}


@pytest.fixture
def validate(sandbox):
    """Ask about a purchase: `validate("good-1")`."""

    def get(token, headers=SECRET, timeout=10):
        path = f"bazaar/devapi/v2/api/validate/sandbox.panel/inapp/coins%2F100/purchases/{token}/"
        return requests.get(f"{sandbox.url}/{path}", headers=headers, timeout=timeout)

    return get


@pytest.fixture
def consume(sandbox):
    """Use a purchase up: `consume({"token": "good-1"})`."""

    def post(body, headers=SECRET):
        url = f"{sandbox.url}/bazaar/devapi/v2/api/consume/sandbox.panel/purchases/"
        return requests.post(url, json=body, headers=headers, timeout=10)

    return post


def read_states(answer):
    """(purchaseState, consumptionState)."""
    content = answer.json()
    return content["purchaseState"], content["consumptionState"]


def test_a_paid_purchase_is_there_until_it_is_consumed(validate, consume):
    first = validate("good-1").json()
    assert isinstance(first.pop("purchaseTime"), int)
    assert first == {
        "consumptionState": 1,
        "purchaseState": 0,
        "kind": "androidpublisher#inappPurchase",
        "developerPayload": "",
    }
    answers = [consume({"token": "good-1"}) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 2
    assert read_states(validate("good-1")) == (0, 0)
    assert read_states(validate("good-2")) == (0, 1)


def test_a_purchase_keeps_its_time(validate):
    first, second = (validate("good-1").json()["purchaseTime"] for _ in range(2))
    assert first == second


def test_a_purchase_that_was_given_back(validate):
    assert read_states(validate("refunded-1")) == (1, 1)


@pytest.mark.parametrize("token", ["bad-token", "good", "x%2Fgood-1"])
def test_a_purchase_that_is_none(validate, consume, token):
    for answer in (validate(token), consume({"token": token})):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_a_late_purchase_fails_twice(validate):
    assert [validate("late-1").status_code for _ in range(4)] == [500, 500, 200, 200]
    assert validate("late-2").status_code == 500


def test_a_late_purchase_asked_for_by_many_fails_twice(validate):
    answers = run_together(*(lambda: validate("late-1").status_code for _ in range(6)))
    assert sorted(answers) == [200, 200, 200, 200, 500, 500]


def test_nonsense_and_silence(validate):
    answer = validate("nonsense-1")
    assert (answer.status_code, answer.text[:15]) == (200, "<!DOCTYPE html>")
    with pytest.raises(requests.ReadTimeout):
        validate("slow-1", timeout=2)


@pytest.mark.parametrize("headers", [{}, {"CAFEBAZAAR-PISHKHAN-API-SECRET": "other"}])
def test_only_who_knows_the_secret_is_answered(validate, consume, headers):
    for answer in (validate("good-1", headers), consume({"token": "good-1"}, headers)):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_credentials")
    assert read_states(validate("good-1")) == (0, 1)


@pytest.mark.parametrize("body", [{}, {"token": 5}, [], None])
def test_consuming_nothing(consume, body):
    answer = consume(body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_purchases_outlive_the_sandbox_but_not_a_reset(tmp_path):
    file = str(tmp_path / "state")
    path = "bazaar/devapi/v2/api/validate/p/inapp/s/purchases/good-1"
    with SandboxServer(state=file) as server:
        url = f"{server.url}/bazaar/devapi/v2/api/consume/p/purchases"
        requests.post(url, json={"token": "good-1"}, headers=SECRET, timeout=10)
    with SandboxServer(state=file) as server:
        assert read_states(requests.get(f"{server.url}/{path}", headers=SECRET, timeout=10)) == (0, 0)
        server.reset()
        assert read_states(requests.get(f"{server.url}/{path}", headers=SECRET, timeout=10)) == (0, 1)


@pytest.mark.parametrize(("action", "token"), [("bazaar/validate", "good-1"), ("bazaar/consume", "good-1")])
def test_faults_can_be_set(sandbox, validate, consume, action, token):
    sandbox.set_fault(action, "429")
    ask = validate if action == "bazaar/validate" else lambda name: consume({"token": name})
    assert [ask(token).status_code for _ in range(2)] == [429, 200]


def test_an_address_with_a_part_missing_is_none(sandbox):
    base = f"{sandbox.url}/bazaar/devapi/v2/api/validate"
    for path in (
        "sandbox.panel/inapp/sku/purchases/",
        "p//x/sku/purchases/good-1",
        "p/inapp//purchases/good-1",
    ):
        answer = requests.get(f"{base}/{path}", headers=SECRET, timeout=10)
        assert answer.status_code == 404
        assert answer.json() == {"error": "Not found"}
