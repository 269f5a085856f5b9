"""The page about webhooks: its payloads are those that are sent, and its receivers take them and nothing else."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.test import Client
from django.utils.translation import override

from orders.lifecycle import settle_order
from orders.models import Order, ServiceEvent, WebhookDelivery
from orders.services import place_order
from orders.tasks import handle_events
from orders.webhooks.announcing import announce_changes
from orders.webhooks.payloads import STATUS_AFTER, read_payload
from orders.webhooks.registering import register_endpoint, send_test
from orders.webhooks.signatures import sign_delivery
from panel.api.docs.webhook_events import build_payloads, list_events
from panel.api.docs.webhook_samples import PHP, PYTHON
from tests.factories import make_customer, make_service
from tests.panel.dashboard.pages import find_all, read_attributes, read_text

BODY = json.dumps({"id": "order-7", "type": "order.completed"}).encode()
SECRET = "whsec_test"
START_SECONDS = 20


def list_paths(value, path=""):
    """Dotted names of all values; bounds in `old` and `new` are values of those."""
    if isinstance(value, list):
        return sorted({name for one in value for name in list_paths(one, f"{path}[]")})
    if not isinstance(value, dict) or path.endswith((".old", ".new")):
        return [path]
    return sorted(name for key, one in value.items() for name in list_paths(one, f"{path}.{key}".strip(".")))


@pytest.fixture
def delivered(db):
    """Payloads of an order's way, of a catalogue's change and of a test, as they would be sent."""
    customer, service = make_customer(toman=100_000), make_service()
    endpoint = register_endpoint(customer.pk, "http://127.0.0.1:9/hook", ["orders", "catalogue"])
    values = {"link": "https://example.com/post", "quantity": "100"}
    placed = place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, values)
    settle_order(Order.objects.get(pk=placed.order_id), Order.Status.PARTIAL, remains=40)
    bounds = {"old": {"min": 1, "max": 5}, "new": {"min": 10, "max": 10_000}}
    ServiceEvent.objects.create(service=service, kind="bounds_changed", data=bounds)
    handle_events()
    announce_changes()
    send_test(endpoint)
    return [read_payload(row) for row in WebhookDelivery.objects.order_by("id")]


def test_fields_and_examples_are_those_of_what_is_sent(delivered):
    with override("en"):
        told = {kind: one for one in list_events() for kind, _when in one.times}
    examples = build_payloads()
    kinds = ["catalogue.changed", "order.partial", "order.pending", "test"]
    assert sorted(one["type"] for one in delivered) == kinds
    for payload in delivered:
        fields = sorted(field.name for field in told[payload["type"]].fields)
        assert (fields, list_paths(examples[payload["type"]])) == (list_paths(payload), list_paths(payload))


def test_every_type_has_its_example_and_says_when():
    with override("en"):
        times = [kind for one in list_events() for kind, _when in one.times]
    assert sorted(times) == sorted(build_payloads())
    orders = {f"order.{status}" for status in STATUS_AFTER.values()}
    assert set(times) == orders | {"catalogue.changed", "test"}


@pytest.mark.django_db
def test_the_page_shows_every_example_with_a_button_that_copies_it():
    browser = Client()
    browser.cookies["language"] = "en"
    page = browser.get("/api/docs/webhooks/")
    copied = [
        read_attributes(one)["data-copy"] for one in find_all(page, "button", aria_label="Copy the code")
    ]
    shown = [read_text(one) for one in find_all(page, "pre")]
    assert copied[:-2] == [json.dumps(one, indent=2, ensure_ascii=False) for one in build_payloads().values()]
    assert [" ".join(one.split()) for one in copied] == shown
    assert copied[-2:] == [PYTHON, PHP]
    (answering,) = find_all(page, "section", id="answering")
    for told in ("within 10 seconds", "at most 64 KB", "10, 30, 120, 600, 1800, 3600, 10800", "24 hours"):
        assert told in read_text(answering)


@pytest.fixture(params=["python", "php"])
def receiver(request, tmp_path):
    """The page's program, running with SECRET; gives its address."""
    if request.param == "php" and shutil.which("php") is None:
        pytest.skip("php is not on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = tmp_path / "receiver"
    file.write_text(PYTHON.replace("8080", str(port)) if request.param == "python" else PHP)
    commands = {"python": [sys.executable, str(file)], "php": ["php", "-S", f"127.0.0.1:{port}", str(file)]}
    environment = os.environ | {"WEBHOOK_SECRET": SECRET}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(commands[request.param], env=environment, stdout=log, stderr=log)
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}/"
        process.terminate()
        process.wait()


def wait_for(port, process):
    """Until somebody listens at the port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the receiver does not listen")


def post(url, body=BODY, age=0, secret=SECRET, **changed):
    """The status that the receiver answers to a delivery signed `age` seconds ago, changed as given."""
    timestamp = int(time.time()) - age
    headers = {
        "Content-Type": "application/json",
        "Webhook-Id": "order-7",
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": sign_delivery(secret, "order-7", timestamp, BODY),
    } | {f"Webhook-{name.title()}": value for name, value in changed.items()}
    call = urllib.request.Request(url, body, headers)  # noqa: S310 - loopback
    try:
        return urllib.request.urlopen(call, timeout=10).status  # noqa: S310 - loopback
    except urllib.error.HTTPError as error:
        return error.code


def test_the_receivers_take_ours_and_nothing_else(receiver):
    assert [
        post(receiver),
        post(receiver, secret="whsec_other"),
        post(receiver, BODY + b" "),
        post(receiver, id="order-0"),
        post(receiver, age=301),
        post(receiver, timestamp="soon"),
        post(receiver, timestamp=""),
        post(receiver, signature="v1=é"),
    ] == [204, 401, 401, 401, 401, 401, 401, 401]
