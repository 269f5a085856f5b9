"""One id from a customer's call to the provider and to the text on the phone, in three processes' logs."""

import json
import uuid

import requests

from orders.models import Order
from tests.factories import make_key
from tests.processes.conftest import QUICK, running, wait_until
from tests.providers.steps import QUANTITY, link_for
from tests.running import running_beat, running_web, running_worker

ID = "0b5f7c0e-9d1c-4e0a-8a5e-1d7b6c2f3a41"


def find_lines(log, event):
    """The lines of that event that carry ID, as dicts; lines of others than our loggers are no JSON."""
    rows = [json.loads(row) for row in log.splitlines() if row.startswith("{")]
    return [row for row in rows if row["event"] == event and row.get("trace") == ID]


def test_one_id_leads_from_the_call_to_the_provider_and_to_the_text(shop, sandbox):
    customer, service, provider = shop
    key = make_key(customer)
    env = QUICK | {"SMS_GATEWAY_URL": f"{sandbox.url}/sms/api/v1/rest", "LOG_FORMAT": "json"}
    starts = running_web(**env, TRUSTED_PROXIES=1), running_worker(**env), running_beat(**env)
    with running(*starts) as (web, worker, _):
        values = {"key": key, "action": "add", "service": service.pk, "quantity": QUANTITY}
        headers = {"X-Request-ID": ID}
        answer = requests.post(
            f"{web.url}/api/v2", data=values | {"link": link_for("plain")}, headers=headers, timeout=10
        )
        order = Order.objects.get(pk=answer.json()["order"])
        assert wait_until(lambda: find_lines(worker.read_log(), "SMS handed over"))
        web_log, worker_log = web.read_log(), worker.read_log()
    assert (answer.headers["X-Request-ID"], order.trace) == (ID, uuid.UUID(ID))
    (asked,) = find_lines(web_log, "request")
    (sent,) = find_lines(worker_log, "upstream call")
    (told,) = find_lines(worker_log, "SMS handed over")
    assert (asked["route"], asked["status"], asked["customer"]) == ("api/v2", 200, customer.pk)
    assert (sent["provider"], sent["what"], sent["outcome"], sent["order"]) == (
        provider.pk,
        "place",
        "ok",
        order.pk,
    )
    assert (told["outcomes"], len(told["task"])) == ({"taken": 1}, 36)
    secrets = (key, provider.key, customer.mobile, "sandbox-sms-token", link_for("plain"))
    assert [secret in web_log + worker_log for secret in secrets] == [False] * len(secrets)
