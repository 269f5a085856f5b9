"""Sending over real HTTP: signed, tried again for 24 hours, at least once, and nobody kept waiting."""

import logging
import socket
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks import outcomes, sending
from orders.webhooks.outcomes import next_try, record_outcomes
from orders.webhooks.registering import send_test
from orders.webhooks.sending import claim_deliveries, post_delivery, send_deliveries
from panel.lib import outbound
from panel.lib.http import HttpClient
from tests.factories import make_customer
from tests.orders.webhooks.steps import is_signed, list_ids, look, queue, register, send
from tests.panel.lib.raw_server import RawServer, hang_up, http_answer, reset
from tests.together import run_together

DEADLINE_SECONDS = 10


def wait_until(there):
    """Look until it is there; fail when that takes too long."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not there():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def test_a_delivery_arrives_signed_with_its_body_and_once(endpoint, receiver):
    delivery = queue(endpoint, order={"id": 7, "link": "https://example.com/سلام"})
    assert [send(), send()] == [1, 0]
    [request] = receiver.requests
    assert (request.method, request.target) == ("POST", "/hook")
    assert request.body.decode() == (
        f'{{"id":"{delivery.event_id}","type":"order.completed","order":{{"id":7,"link":"https://example.com/سلام"}}}}'
    )
    assert request.headers["content-type"] == "application/json"
    assert (request.headers["webhook-id"], is_signed(request, endpoint.secret)) == (delivery.event_id, True)
    assert (look(delivery), delivery.next_try_at) == (("sent", 1, 200, ""), None)
    endpoint.refresh_from_db()
    assert (endpoint.last_success_at, endpoint.is_failing) == (delivery.delivered_at, False)


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Fine"])
def test_every_2xx_is_success(customer, status):
    with RawServer(http_answer(b"", status)) as server:
        delivery = queue(register(customer, server))
        send()
    assert look(delivery) == ("sent", 1, int(status[:3]), "")


@pytest.mark.parametrize(
    ("play", "status", "error"),
    [
        (http_answer(b"moved", "302 Found", ["Location: /other"]), 302, "moved"),
        (http_answer(b"no", "401 Unauthorized"), 401, "no"),
        (http_answer(b"", "404 Not Found"), 404, ""),
        (http_answer(b"<b>sorry</b>\x00\n", "500 Oops"), 500, "<b>sorry</b>"),
        (http_answer(b"x" * 5000, "503 Busy"), 503, "x" * 200),
        (hang_up, None, "the connection broke or the answer is not HTTP"),
        (reset, None, "the connection broke or the answer is not HTTP"),
        (b"what?\r\n\r\n", None, "the connection broke or the answer is not HTTP"),
        (lambda _sock, _request: None, None, "no complete answer in time"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal", None, "no complete answer in time"),
        (http_answer(b"x" * 65_537), None, "the answer is larger than 65536 bytes"),
    ],
)
def test_anything_else_is_tried_again(customer, monkeypatch, play, status, error):
    monkeypatch.setattr(sending, "CALL_SECONDS", 0.3)
    with RawServer(play, http_answer(b"ok")) as server:
        endpoint = register(customer, server)
        delivery = queue(endpoint)
        before = timezone.now()
        send()
        state, tries, told, said = look(delivery)
        assert (state, tries, told, said[: len(error) or 1]) == ("pending", 1, status, error)
        wait = (delivery.next_try_at - before).total_seconds()
        assert 10 <= wait < 10 * 1.2 + DEADLINE_SECONDS
        endpoint.refresh_from_db()
        assert (endpoint.is_failing, endpoint.last_failure) == (True, said or f"HTTP {status}")
        send()
    assert look(delivery) == ("sent", 2, 200, "")
    assert list_ids(server) == [delivery.event_id] * 2
    assert [request.target for request in server.requests] == ["/hook"] * 2


def test_nobody_listening_is_tried_again(customer):
    with RawServer(b"") as server:
        endpoint = register(customer, server)
    delivery = queue(endpoint)
    send()
    assert look(delivery) == ("pending", 1, None, "the connection was refused")


def test_each_try_has_its_own_time_and_signature_and_the_same_id(customer, monkeypatch):
    clock = iter([1_700_000_000.9, 1_700_000_060.2])
    monkeypatch.setattr(sending, "time", lambda: next(clock))
    with RawServer(http_answer(b"", "500 Oops"), http_answer(b"")) as server:
        endpoint = register(customer, server)
        queue(endpoint)
        send()
        send()
    first, second = server.requests
    assert [one.headers["webhook-timestamp"] for one in server.requests] == ["1700000000", "1700000060"]
    assert [is_signed(one, endpoint.secret) for one in server.requests] == [True, True]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)


def test_waits_grow_and_the_last_try_is_at_the_end_of_the_24_hours(endpoint, monkeypatch):
    monkeypatch.setattr(outcomes.random, "uniform", lambda low, _high: low)
    delivery = queue(endpoint)
    now, waits, tries = delivery.created, [], 0
    while now < delivery.retry_until:
        tries += 1
        claim = sending.Claim(1, 1, "", "", b"", now, delivery.retry_until, tries, 1, "")
        waits.append((next_try(claim, now) - now).total_seconds())
        now += timedelta(seconds=waits[-1])
    assert waits == [10, 30, 120, 600, 1800, 3600, *[10_800] * 7, 86_400 - 6160 - 75_600]
    assert now == delivery.created + timedelta(hours=24)


def test_after_24_hours_it_has_failed(customer):
    with RawServer(http_answer(b"down", "500 Oops")) as server:
        delivery = queue(register(customer, server))
        send()
        WebhookDelivery.objects.update(retry_until=timezone.now())
        assert [send(), send()] == [1, 0]
    assert (look(delivery), delivery.next_try_at) == (("failed", 2, 500, "down"), None)


def test_gone_switches_the_endpoint_off_and_only_that_one(customer, receiver):
    with RawServer(http_answer(b"bye", "410 Gone")) as server:
        gone, other = register(customer, server), register(customer, receiver)
        ended, arrived = queue(gone), queue(other)
        send()
        waiting = queue(gone)
        assert send() == 0
    assert look(ended) == ("failed", 1, 410, "the receiver answered 410")
    assert (look(arrived)[0], look(waiting)[0]) == ("sent", "pending")
    assert [row.active for row in WebhookEndpoint.objects.order_by("id")] == [False, True]


def test_a_test_event_is_tried_once(customer):
    with RawServer(http_answer(b"", "500 Oops")) as server:
        endpoint = register(customer, server)
        send_test(endpoint)
        send()
    assert look(WebhookDelivery.objects.get()) == ("failed", 1, 500, "")


def test_what_its_worker_left_is_sent_again_under_the_same_id(endpoint, receiver):
    delivery = queue(endpoint)
    [claim] = claim_deliveries(10)
    answer = post_delivery(claim)  # and the worker dies
    assert (send_deliveries(), look(delivery)[:2]) == (0, ("pending", 1))
    assert send() == 1
    assert (look(delivery), list_ids(receiver)) == (("sent", 2, 200, ""), [delivery.event_id] * 2)
    delivered_at = delivery.delivered_at
    record_outcomes([(claim, answer)])  # or it was only very slow
    assert (look(delivery), delivery.delivered_at) == (("sent", 2, 200, ""), delivered_at)


def test_a_sender_that_lost_its_lease_records_nothing(endpoint):
    delivery = queue(endpoint)
    [slow] = claim_deliveries(10)
    WebhookDelivery.objects.update(next_try_at=timezone.now())
    [quick] = claim_deliveries(10)
    record_outcomes([(slow, post_delivery(slow))])
    assert (look(delivery)[:2], delivery.next_try_at) == (("pending", 2), quick.lease)


def test_deleted_while_it_is_being_sent_leaves_nothing(endpoint, receiver):
    queue(endpoint)
    [claim] = claim_deliveries(10)
    endpoint.delete()
    record_outcomes([(claim, post_delivery(claim))])
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_senders_at_once_take_each_delivery_once():
    with RawServer(http_answer(b"ok")) as server:
        endpoints = [register(make_customer(), server) for _ in range(3)]
        for _ in range(20):
            queue(*endpoints)
        tried = run_together(send_deliveries, send_deliveries, send_deliveries)
        send_deliveries()
    assert (sum(tried), len(server.requests)) == (60, 60)
    assert set(WebhookDelivery.objects.values_list("state", "tries")) == {("sent", 1)}
    signed = [(one.headers["webhook-id"], one.headers["webhook-signature"]) for one in server.requests]
    assert len(set(signed)) == 60


def test_one_endpoint_s_backlog_goes_in_one_run(endpoint, receiver):
    for _ in range(30):
        queue(endpoint)
    assert (send(), len(set(list_ids(receiver)))) == (30, 30)


@pytest.mark.django_db(transaction=True)
def test_a_slow_endpoint_keeps_no_other_waiting(receiver):
    go_on = threading.Event()

    def answer_late(sock, _request):
        go_on.wait(DEADLINE_SECONDS)
        sock.sendall(http_answer(b"ok"))

    with RawServer(answer_late) as slow:
        crowded, other = register(make_customer(), slow), register(make_customer(), receiver)
        for _ in range(30):
            queue(crowded)
        quick = [queue(other) for _ in range(10)]
        sender = threading.Thread(target=lambda: (send_deliveries(), connection.close()))
        sender.start()
        try:
            wait_until(lambda: {look(row)[0] for row in quick} == {"sent"})
            assert len(slow.requests) == sending.PER_ENDPOINT
        finally:
            go_on.set()
            sender.join(DEADLINE_SECONDS)
    assert set(WebhookDelivery.objects.values_list("state", "tries")) == {("sent", 1)}


def test_endpoints_that_fail_get_one_call_at_a_time_and_the_others_their_share(customer, receiver):
    failing, well = register(customer, receiver), register(customer, receiver, path="/well")
    WebhookEndpoint.objects.filter(pk=failing.pk).update(last_failure_at=timezone.now())
    for _ in range(10):
        queue(failing, well)
    first = claim_deliveries(20)
    assert sorted(claim.endpoint_id for claim in first) == [failing.pk] + [well.pk] * sending.PER_ENDPOINT
    assert claim_deliveries(20, first) == []
    assert [claim.endpoint_id for claim in claim_deliveries(20, first[1:])] == [first[0].endpoint_id]


def test_no_more_is_claimed_than_was_asked_for(customer, receiver):
    endpoints = [register(customer, receiver, path=f"/{number}") for number in range(3)]
    for _ in range(3):
        queue(*endpoints)
    assert (len(claim_deliveries(5)), len(claim_deliveries(5)), claim_deliveries(5)) == (5, 4, [])


@pytest.fixture
def names(monkeypatch):
    """A production's client, and the answers of its resolver by name, to be changed by a test."""
    known = {}

    def resolve(host, port, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], port))]

    client = HttpClient(resolve=resolve)
    monkeypatch.setattr(outbound, "outbound_client", lambda: client)
    monkeypatch.setattr(sending, "outbound_client", lambda: client)
    return known


def test_a_name_that_turns_private_after_registration_is_not_called(customer, receiver, names):
    names["hooks.example.com"] = "8.8.8.8"
    receiver.url = f"https://hooks.example.com:{receiver.port}"
    delivery = queue(register(customer, receiver))
    names["hooks.example.com"] = "127.0.0.1"
    send()
    assert look(delivery) == ("pending", 1, None, "the address is not allowed")
    assert (receiver.connections, receiver.requests) == (0, [])


def test_plain_http_is_not_sent_where_it_is_no_longer_allowed(endpoint, receiver, names):
    names["127.0.0.1"] = "127.0.0.1"
    delivery = queue(endpoint)
    send()
    assert look(delivery) == ("pending", 1, None, "the address is not allowed")
    assert receiver.connections == 0


def test_secrets_reach_neither_the_log_nor_the_table(customer, caplog):
    def echo(sock, request):
        sock.sendall(http_answer(f"I know {secret}".encode(), "500 Oops"))

    caplog.set_level(logging.DEBUG)
    with RawServer(echo) as server:
        endpoint = register(customer, server, path="/hook?token=hush-hush")
        secret = endpoint.secret
        delivery = queue(endpoint)
        [claim] = claim_deliveries(1)
        WebhookDelivery.objects.update(next_try_at=timezone.now())
        send()
    assert look(delivery)[3] == "I know ***"
    assert (secret in repr(claim), secret in caplog.text, "I know" in caplog.text) == (False, False, False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text || d::text FROM orders_webhookendpoint e, orders_webhookdelivery d")
        [stored] = cursor.fetchone()
    assert secret not in stored


def test_trouble_of_our_own_ends_a_try_and_not_the_run(endpoint, receiver, monkeypatch, caplog):
    first, second = queue(endpoint), queue(endpoint)

    def break_once(secret, event_id, *rest):
        if event_id == first.event_id:
            raise ValueError(secret)
        return "v1="

    monkeypatch.setattr(sending, "sign_delivery", break_once)
    send()
    assert look(first) == ("pending", 1, None, "the request or its answer is malformed")
    assert (look(second)[0], endpoint.secret in caplog.text) == ("sent", False)
