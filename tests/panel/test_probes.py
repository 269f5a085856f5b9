"""What a load balancer hears, whatever it calls us."""

import pytest
from django.db import connection

from panel import probes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh_probe(monkeypatch):
    monkeypatch.setattr(probes, "_database", probes._DatabaseProbe())


def ask(client, path):
    """Its status and body, asked by address and over plain HTTP as a load balancer does."""
    answer = client.get(path, headers={"Host": "10.1.2.3:8000"})
    return answer.status_code, answer.json()


def test_a_living_process_is_healthy_and_asks_nobody(client, settings, django_assert_num_queries):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["panel.example"]
    with django_assert_num_queries(0):
        assert ask(client, "/healthz") == (200, {"status": "ok"})


def test_a_process_with_database_and_redis_is_ready(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["panel.example"]
    ready = (200, {"status": "ready", "database": "ok", "redis": "ok"})
    assert [ask(client, "/readyz"), ask(client, "/readyz")] == [ready, ready]
    assert client.get("/readyz").headers.keys() >= {"Cache-Control"}
    assert "Set-Cookie" not in client.get("/readyz").headers


def test_without_redis_it_is_ready_and_says_so(client, monkeypatch):
    monkeypatch.setattr(probes, "connect", lambda: probes.redis.Redis(port=1, socket_connect_timeout=1))
    assert ask(client, "/readyz") == (200, {"status": "ready", "database": "ok", "redis": "degraded"})


def test_a_version_whose_migrations_are_missing_is_not_ready_until_they_are_there(client):
    last = max(name for app, name in probes._find_last_migrations() if app == "orders")
    unready = (503, {"status": "unready", "database": "unmigrated", "redis": "ok"})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'orders' AND name = %s", [last])
        try:
            assert ask(client, "/readyz") == unready
        finally:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('orders', %s, now())", [last]
            )
    assert ask(client, "/readyz")[0] == 200


def test_a_database_that_is_away_or_silent_is_told_within_seconds(client, monkeypatch):
    monkeypatch.setattr(probes, "SECONDS", 0.2)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE django_migrations")
        try:
            # Asked twice while the first look still waits: no second thread waits beside it.
            assert [ask(client, "/readyz")[1]["database"] for _ in range(2)] == ["away", "away"]
        finally:
            cursor.execute("ROLLBACK")
    monkeypatch.setattr(probes, "SECONDS", 10)
    assert ask(client, "/readyz")[1]["database"] == "ok"


def test_other_methods_go_the_usual_way(client):
    assert client.post("/healthz").status_code == 404
