"""The panel behind nginx with TLS and behind PgBouncer, with the files that operators get."""

import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests

from orders.models import Order
from panel.accounts.models import ApiToken
from panel.engines import ports
from panel.wallet.ledger import read_balance
from tests.factories import make_key
from tests.processes import deployed
from tests.processes.conftest import QUICK, running, wait_until
from tests.providers.steps import CHARGE, QUANTITY
from tests.running import ROOT, build_environment, running_web, running_worker

HOST = "panel.example"
ORDERS = 40
SLOW_CLIENTS = 40
ENV = {"BEHIND_PROXY": 1, "ALLOWED_HOSTS": HOST, "METRICS_TOKEN": "a-token"}
needs_nginx = pytest.mark.skipif(
    deployed.NGINX is None, reason="nginx is not installed (Debian: nginx-light)"
)


@pytest.fixture(scope="module")
def pgbouncer_version():
    return deployed.find_pgbouncer_version()


class Browser:
    """Calls through the proxy, whose certificate it knows."""

    def __init__(self, port, folder):
        self.url = f"https://{ports.HOST}:{port}"
        self.session = requests.Session()
        self.session.trust_env = False  # the machine may name certificates of its own
        self.session.verify = str(folder / "fullchain.pem")
        self.session.headers["Host"] = HOST

    def post(self, key, **values):
        return self.session.post(f"{self.url}/api/v2", data={"key": key, **values}, timeout=20)


def send_slowly(port):
    """An open connection on which the head of an order has been sent, and the first byte of its body."""
    context = ssl._create_unverified_context()  # noqa: S323 - it is a client that nobody has to believe
    plug = context.wrap_socket(socket.create_connection((ports.HOST, port), 10), server_hostname=HOST)
    head = "POST /api/v2 HTTP/1.1\r\nHost: panel.example\r\nContent-Length: 500\r\n"
    plug.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nk".encode())
    return plug


@needs_nginx
def test_behind_nginx_slow_bodies_hold_up_nobody_and_headers_are_the_proxys(shop, tmp_path):
    customer, _, _ = shop
    key = make_key(customer)
    with (
        running_web(**ENV) as web,
        deployed.running_nginx(int(web.url.rpartition(":")[2]), tmp_path) as (
            port,
            plain,
        ),
    ):
        browser = Browser(port, tmp_path)
        slow = [send_slowly(port) for _ in range(SLOW_CLIENTS)]
        began = time.monotonic()
        for _ in range(20):
            for plug in slow:
                plug.sendall(b"e")
            assert browser.post(key, action="balance").json()["balance"] == "1000000"
        assert time.monotonic() - began < 20
        for plug in slow:
            plug.close()
        seen = browser.session.get(f"{browser.url}/metrics", headers={"Authorization": "Bearer a-token"})
        assert (seen.status_code, browser.session.get(f"{browser.url}/readyz").status_code) == (404, 404)
        inside = requests.get(f"{web.url}/metrics", headers={"Authorization": "Bearer a-token"}, timeout=20)
        assert inside.status_code == 200
        mine = "0b5f7c0e-9d1c-4e0a-8a5e-1d7b6c2f3a41"
        headers = {"X-Request-ID": mine, "X-Forwarded-For": "203.0.113.9", "X_Forwarded_For": "203.0.113.9"}
        answer = browser.session.get(f"{browser.url}/api/v2", headers=headers)
        assert (len(answer.headers["X-Request-ID"]), answer.headers["X-Request-ID"] == mine) == (32, False)
        too_large = browser.session.post(f"{browser.url}/api/v2", data=b"x" * 7_000_000, timeout=20)
        assert too_large.status_code == 413
        moved = requests.get(
            f"http://{ports.HOST}:{plain}/login/", headers={"Host": HOST}, allow_redirects=False, timeout=20
        )
        assert (moved.status_code, moved.headers["Location"]) == (301, f"https://{HOST}/login/")
        ApiToken.objects.update(allowed_networks=["203.0.113.0/24"])
        browser.session.headers.update(headers)
        assert browser.post(key, action="balance").json() == {"error": "Invalid API key"}
        log = (tmp_path / "access.log").read_text()
        assert (answer.headers["X-Request-ID"] in log, key in log + web.read_log()) == (True, False)


@needs_nginx
def test_orders_go_through_nginx_and_pgbouncer_with_prepared_statements(shop, tmp_path, pgbouncer_version):
    if pgbouncer_version is None or pgbouncer_version < deployed.OLDEST_PGBOUNCER:
        pytest.skip(f"PgBouncer {deployed.OLDEST_PGBOUNCER} or newer is not installed: {pgbouncer_version}")
    customer, service, _ = shop
    key = make_key(customer)
    with deployed.running_pgbouncer(tmp_path, pool_size=3) as database:
        env = ENV | QUICK | {"DATABASE_URL": database, "DATABASE_SESSION_OPTIONS": 0}
        with (
            running(running_web(**env), running_worker(**env)) as (web, worker),
            deployed.running_nginx(int(web.url.rpartition(":")[2]), tmp_path) as (port, _),
        ):
            browser = Browser(port, tmp_path)
            order = {"action": "add", "service": service.pk, "quantity": QUANTITY}

            def place(number):
                answer = browser.post(key, **order, link=f"https://example.com/{number}").json()
                assert "order" in answer, (answer, web.read_log()[-2000:])
                return answer["order"]

            with ThreadPoolExecutor(8) as pool:
                placed = list(pool.map(place, range(ORDERS)))
            assert len(set(placed)) == ORDERS
            assert wait_until(lambda: Order.objects.filter(forwarding="accepted").count() == ORDERS)
            named, told = look_at_pool(database)
            audit = [sys.executable, "manage.py", "audit_ledger"]
            audited = subprocess.run(
                audit, cwd=ROOT, env=build_environment(**env), capture_output=True, text=True
            )
            logs = web.read_log() + worker.read_log()
    assert (audited.returncode, audited.stdout.splitlines()[-1]) == (0, "the ledger adds up"), audited.stderr
    assert (
        named >= 1
    )  # the placing statement, by PgBouncer's own name, on a connection that all threads share
    assert told == ("force_generic_plan", "1min", "30s", "off")
    assert ("Traceback" in logs, read_balance(customer.pk)) == (False, 1_000_000 - ORDERS * CHARGE)


def look_at_pool(database):
    """How many placing statements one server connection has prepared, and its settings by role."""
    with psycopg.connect(database, prepare_threshold=None, autocommit=True) as raw:
        rows = raw.execute(
            "SELECT count(*) FROM pg_prepared_statements"
            " WHERE name LIKE 'PGBOUNCER_%' AND statement LIKE '%INTO orders_order (%'"
        )
        (named,) = rows.fetchone()
        settings = ("plan_cache_mode", "statement_timeout", "idle_in_transaction_session_timeout", "jit")
        return named, tuple(raw.execute(f"SHOW {name}").fetchone()[0] for name in settings)
