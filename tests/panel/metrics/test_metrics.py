"""What /metrics tells, and to whom."""

import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.days import measure_orders
from orders.models import Order
from panel.wallet.days import measure_money
from panel.wallet.models import Account
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.providers.steps import forward, place

pytestmark = pytest.mark.django_db(transaction=True)


def label(**labels):
    return tuple(sorted(labels.items()))


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer another", "Basic a-token-of-prometheus", "Bearer é"]
)
def test_nobody_reads_them_without_the_token(client, settings, given):
    settings.METRICS_TOKEN = "a-token-of-prometheus"
    headers = {"Authorization": given} if given else {}
    assert client.get("/metrics", headers=headers).status_code == 404


def test_nobody_reads_them_where_no_token_is_set(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_orders_are_told_by_state_and_by_how_long_they_wait(scrape, sandbox):
    customer, service = make_customer(100_000), make_service(price=2345)
    provider = make_provider(sandbox.url)
    make_route(service, provider)
    forwarded = [place(customer, service, word) for word in ("a", "b")]
    forward()
    Order.objects.filter(pk=place(customer, service, "c")).update(
        next_try_at=timezone.now() - timedelta(seconds=90)
    )
    told = scrape()
    states = {
        state: told["panel_orders", label(state=state)] for state in ("queued", "at_provider", "unclear")
    }
    assert states == {"queued": 1, "at_provider": len(forwarded), "unclear": 0}
    assert 90 <= told["panel_queue_age_seconds", label(queue="orders")] < 150
    assert told["panel_queue_age_seconds", label(queue="webhooks")] == 0
    calls = label(provider=str(provider.pk), what="place", outcome="ok")
    assert told["panel_upstream_calls_total", calls] == 2
    place_calls = label(provider=str(provider.pk), what="place")
    assert told["panel_upstream_call_seconds_count", place_calls] == 2
    assert told["panel_upstream_call_seconds_bucket", (("le", "+Inf"), *place_calls)] == 2
    assert told["panel_forwarding_delay_seconds_count", ()] == 2
    assert told["panel_provider_paused", label(provider=str(provider.pk))] == 0


def test_requests_are_counted_by_route_and_status_over_all_scrapes(scrape, client):
    for _ in range(3):
        client.get("/api/v2?key=x")
    client.get("/nowhere/at/all")
    client.generic("BREW", "/api/v2")
    told = scrape()
    counted = {
        labels: number for (name, labels), number in told.items() if name == "panel_http_requests_total"
    }
    assert counted == {
        label(route="api/v2", method="GET", status="200"): 3,
        label(route="api/v2", method="other", status="200"): 1,
        label(route="none", method="GET", status="404"): 1,
    }
    assert told["panel_http_request_seconds_count", label(route="api/v2")] == 4
    assert scrape()["panel_http_requests_total", label(route="none", method="GET", status="404")] == 1


def test_the_ledger_is_told_with_the_age_and_the_result_of_its_audit(scrape, capsys):
    customer = make_customer(5_000)
    measure_money()
    assert ("panel_ledger_drifts", ()) not in scrape()
    call_command("audit_ledger")
    told = scrape()
    assert told["panel_ledger_held", label(currency="toman")] == 5_000
    assert (told["panel_ledger_drifts", ()], told["panel_ledger_audit_age_seconds", ()] < 30) == (0, True)
    Account.objects.filter(owner=customer).update(balance=4_000)
    with pytest.raises(CommandError):
        call_command("audit_ledger")
    assert scrape()["panel_ledger_drifts", ()] == 1


def test_the_last_sweep_and_the_last_backup_have_an_age(scrape, settings, tmp_path):
    assert [
        name for name, _ in scrape() if name in ("panel_sweep_age_seconds", "panel_backup_ended_seconds")
    ] == []
    measure_orders()
    settings.BACKUP_STAMP = str(tmp_path / "stamp")
    assert scrape()["panel_backup_ended_seconds", ()] == 0
    (tmp_path / "stamp").touch()
    os.utime(tmp_path / "stamp", (1_000, 1_000))
    told = scrape()
    assert (told["panel_sweep_age_seconds", ()] < 30, told["panel_backup_ended_seconds", ()]) == (True, 1_000)


def test_without_redis_the_rest_is_told(scrape, monkeypatch):
    from panel.metrics import collecting

    def refuse():
        raise collecting.redis.ConnectionError

    monkeypatch.setattr(collecting, "read_added", refuse)
    told = scrape()
    assert (told["panel_up", label(part="redis")], told["panel_up", label(part="database")]) == (0, 1)
    assert told["panel_orders", label(state="queued")] == 0


def test_a_scrape_asks_the_database_little(scrape):
    with CaptureQueriesContext(connection) as queries:
        scrape()
    assert len(queries) == 6
