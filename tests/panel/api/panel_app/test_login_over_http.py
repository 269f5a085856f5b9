"""A client written for the document logs in over real HTTP, and twenty at once at several web processes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connection

from panel.accounts.models import ApiToken, Customer, LoginCode
from sms.models import Message
from tests.factories import make_customer
from tests.panel.accounts.code_steps import let_pass, other_than
from tests.panel.api.panel_app.login_calls import BAD_TOKEN, read_phone
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER, TYPED = "+989351112233", "09351112233"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@pytest.fixture(scope="module")
def host(django_db_setup, django_db_blocker):
    """The address of two web processes of four threads."""
    with django_db_blocker.unblock(), running_web() as web:
        connection.close()
        yield web.url


def fetch(host, method, path, token="", **body):
    """The JSON of a call made as the document's examples make it."""
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{host}/api/v1/{path}"
    answer = requests.request(method, url, headers=HEADERS | bearer, json=body or None, timeout=30)
    return answer.json()


def fetch_together(count, *call, **body):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: fetch(*call, **body), range(count)))


def test_a_client_of_the_document_logs_in_reads_changes_and_logs_out(host):
    told = fetch(host, "POST", "login", username=TYPED)
    assert (told["status"], list(told)) == (201, ["status", "expires_at", "message"])
    token = fetch(host, "POST", "login/verify", username=TYPED, code=read_phone(NUMBER))["access_token"]
    user = fetch(host, "GET", "user", token)["user"]
    assert (user["mobile"], user["mobile_verified"], user["balance"]) == (TYPED, 1, 0)
    told = fetch(
        host, "POST", "user", token, first_name="Ehsan", last_name="Noureddini", password="blue-horse-41"
    )
    assert (told["status"], told["user"]["first_name"]) == (200, "Ehsan")
    assert fetch(host, "GET", "logout", token) == {"message": "با موفقیت خارج شدید", "status": 200}
    assert fetch(host, "GET", "user", token) == {"status": 401, "message": BAD_TOKEN}


def test_twenty_at_once_get_one_sms_five_guesses_and_one_token(host):
    make_customer(mobile=NUMBER)
    told = fetch_together(20, host, "POST", "login", username=TYPED)
    assert sorted(row["status"] for row in told) == [201] + [429] * 19
    assert Message.objects.count() == 1
    code = read_phone(NUMBER)
    told = fetch_together(20, host, "POST", "login/verify", username=TYPED, code=code)
    assert sorted(row["status"] for row in told) == [200] + [401] * 19
    assert (ApiToken.objects.count(), Customer.objects.count()) == (1, 1)
    let_pass(121)
    fetch(host, "POST", "login", username=TYPED)
    wrong = other_than(read_phone(NUMBER))
    told = fetch_together(20, host, "POST", "login/verify", username=TYPED, code=wrong)
    assert ({row["status"] for row in told}, LoginCode.objects.latest("pk").tries) == ({401}, 5)
