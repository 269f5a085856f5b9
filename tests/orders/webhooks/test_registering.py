"""Registering endpoints: which addresses are taken, how many, and that secrets stay secret."""

import socket

import pytest
from django.db import connection
from django.utils.translation import override

from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks.refusals import Refusal, WebhookRefused, describe
from orders.webhooks.registering import (
    delete_endpoint,
    register_endpoint,
    replace_secret,
    send_test,
    switch_endpoint,
)
from panel.lib import outbound
from panel.lib.http import HttpClient
from tests.factories import make_customer
from tests.orders.webhooks.steps import is_signed, list_ids, look, queue, register, send
from tests.together import run_together

NAMES = {
    "hooks.example.com": ["8.8.8.8", "2606:4700::1111"],
    "inside.example.com": ["10.0.0.7"],
    "both.example.com": ["8.8.8.8", "192.168.1.1"],
    "local.example.com": ["127.0.0.1"],
    "metadata.example.com": ["169.254.169.254"],
    "six.example.com": ["fd00::1"],
}


def resolve(host, port, **_options):
    """As socket.getaddrinfo, from NAMES; addresses are their own names."""
    if ":" not in host and not host.replace(".", "").isdigit() and host not in NAMES:
        raise socket.gaierror("unknown")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in NAMES.get(host, [host])]


@pytest.fixture
def internet(monkeypatch):
    """A production's client: nothing but public hosts, by the names above."""
    client = HttpClient(resolve=resolve)
    monkeypatch.setattr(outbound, "outbound_client", lambda: client)


def refusal(customer, url, topics=("orders",)):
    with pytest.raises(WebhookRefused) as caught:
        register_endpoint(customer.pk, url, topics)
    return caught.value.code


def test_an_endpoint_is_registered_with_a_secret_of_its_own(customer, internet):
    rows = [
        register_endpoint(
            customer.pk, f" https://hooks.example.com:8443/{path} ", ["catalogue", "orders", "x"]
        )
        for path in "ab"
    ]
    assert [(row.url, row.topics, row.active) for row in rows] == [
        (f"https://hooks.example.com:8443/{path}", ["orders", "catalogue"], True) for path in "ab"
    ]
    assert [row.secret.startswith("whsec_") for row in rows] == [True, True]
    assert len({row.secret for row in rows}) == 2


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://inside.example.com/", Refusal.PRIVATE),
        ("https://both.example.com/", Refusal.PRIVATE),
        ("https://local.example.com/", Refusal.PRIVATE),
        ("https://metadata.example.com/", Refusal.PRIVATE),
        ("https://six.example.com/", Refusal.PRIVATE),
        ("https://127.0.0.1/", Refusal.PRIVATE),
        ("https://[::1]/", Refusal.PRIVATE),
        ("https://[::ffff:10.0.0.1]/", Refusal.PRIVATE),
        ("HTTPS://10.1.2.3:9/", Refusal.PRIVATE),
        ("http://hooks.example.com/", Refusal.NOT_HTTPS),
        ("http://127.0.0.1/", Refusal.NOT_HTTPS),
        ("ftp://hooks.example.com/", Refusal.NOT_HTTPS),
        ("hooks.example.com/hook", Refusal.NOT_HTTPS),
        ("", Refusal.NOT_HTTPS),
        ("https://user:pw@hooks.example.com/", Refusal.URL_BAD),
        ("https://nobody.example.com/", Refusal.URL_BAD),
        ("https:///hook", Refusal.URL_BAD),
        ("https://hooks.example.com:99999/", Refusal.URL_BAD),
        ("https://hooks.example.com/a b", Refusal.URL_BAD),
        ("https://hooks.example.com/\r\nX: y", Refusal.URL_BAD),
        ("https://hooks.example.com/" + "a" * 500, Refusal.URL_BAD),
    ],
)
def test_an_address_that_may_not_be_called_is_refused(customer, internet, url, reason):
    assert refusal(customer, url) == reason
    assert WebhookEndpoint.objects.count() == 0


def test_plain_http_is_taken_only_inside_the_allowed_networks(customer, monkeypatch):
    client = HttpClient(["127.0.0.0/8"], resolve=resolve)
    monkeypatch.setattr(outbound, "outbound_client", lambda: client)
    assert refusal(customer, "http://hooks.example.com/") == Refusal.NOT_HTTPS
    assert register_endpoint(customer.pk, "http://local.example.com/", ["orders"]).active is True


def test_every_refusal_has_a_sentence_in_both_languages():
    for code in Refusal:
        refused = WebhookRefused(code, limit=10)
        with override("en"):
            english = describe(refused)
        assert (english.endswith("."), "%" in english) == (True, False)


def test_topics_have_to_be_chosen(customer, internet):
    assert refusal(customer, "https://hooks.example.com/", topics=["nothing"]) == Refusal.TOPICS_MISSING


@pytest.mark.django_db(transaction=True)
def test_forms_sent_at_once_register_no_more_than_ten_and_none_twice(internet):
    customer, other = make_customer(), make_customer()
    urls = [f"https://hooks.example.com/{number % 11}" for number in range(22)]
    works = [lambda url=url: register_endpoint(customer.pk, url, ["orders"]) for url in urls]
    told = [getattr(one, "code", None) for one in run_together(*works)]
    assert (told.count(None), customer.webhook_endpoints.values("url").distinct().count()) == (10, 10)
    assert set(told) == {None, Refusal.REGISTERED, Refusal.TOO_MANY}
    assert register_endpoint(other.pk, urls[0], ["orders"]).customer_id == other.pk


def test_secrets_are_encrypted_in_the_database(endpoint):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM orders_webhookendpoint")
        [stored] = cursor.fetchone()
    assert (endpoint.secret in stored, WebhookEndpoint.objects.get().secret) == (False, endpoint.secret)


def test_a_new_secret_signs_from_the_next_try_on(endpoint, receiver):
    old, new = endpoint.secret, replace_secret(endpoint)
    queue(endpoint)
    send()
    [request] = receiver.requests
    assert (is_signed(request, new), is_signed(request, old)) == (True, False)


def test_what_waits_while_an_endpoint_is_off_goes_when_it_is_on_again(endpoint, receiver):
    delivery = queue(endpoint)
    switch_endpoint(endpoint, False)
    assert (send(), look(delivery)[0], receiver.requests) == (0, "pending", [])
    switch_endpoint(endpoint, True)
    assert (send(), look(delivery)[0], len(receiver.requests)) == (1, "sent", 1)


def test_deleting_forgets_the_deliveries_and_nobody_else_s(customer, endpoint, receiver):
    other = register(customer, receiver, path="/other")
    queue(endpoint, other)
    delete_endpoint(endpoint)
    assert [row.endpoint_id for row in WebhookDelivery.objects.all()] == [other.pk]
    assert list(WebhookEndpoint.objects.all()) == [other]


def test_a_test_event_is_signed_and_arrives(endpoint, receiver):
    send_test(endpoint)
    send()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.kind, list_ids(receiver)) == ("sent", "test", [delivery.event_id])
    assert is_signed(receiver.requests[0], endpoint.secret) is True


def test_only_one_test_event_waits_and_none_for_an_endpoint_that_is_off(endpoint):
    send_test(endpoint)
    with pytest.raises(WebhookRefused) as again:
        send_test(endpoint)
    switch_endpoint(endpoint, False)
    with pytest.raises(WebhookRefused) as off:
        send_test(endpoint)
    assert (again.value.code, off.value.code) == (Refusal.TEST_WAITING, Refusal.INACTIVE)
    assert WebhookDelivery.objects.count() == 1
