"""The server as clients and processes see it."""

import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
import requests

from providers.sandbox.server import SandboxServer
from providers.sandbox.store import FIRST_SCHEMA, UPGRADES, StateFileError, Store

LINK = "https://example.com/post"


def add_order(session, url, link):
    form = {"key": "sandbox-key", "action": "add", "service": 1, "quantity": 100, "link": link}
    return session.post(f"{url}/standard/api/v2", data=form, timeout=30)


def test_counters_are_exact_under_concurrency(sandbox):
    def add_fifty(worker):
        with requests.Session() as session:
            return [
                add_order(session, sandbox.url, f"{LINK}/{worker}/{turn}").json()["order"]
                for turn in range(50)
            ]

    with ThreadPoolExecutor(16) as pool:
        ids = [number for numbers in pool.map(add_fifty, range(16)) for number in numbers]
    assert sorted(ids) == list(range(1, 801))
    counters = sandbox.counters()
    assert (counters["adds_received"], counters["orders_made"]) == (800, 800)
    assert {order["link_orders"] for order in sandbox.orders()} == {1}


def test_two_hundred_slow_connections_wait_at_the_same_time():
    with SandboxServer(latency=1.0) as sandbox:
        began = time.monotonic()
        with ThreadPoolExecutor(200) as pool:
            answers = pool.map(
                lambda n: add_order(requests, sandbox.url, f"{LINK}/{n}").status_code, range(200)
            )
            assert list(answers) == [200] * 200
        assert 1.0 <= time.monotonic() - began < 60
        assert sandbox.counters()["orders_made"] == 200


def test_one_connection_serves_many_requests(sandbox):
    connection = HTTPConnection(sandbox.url.removeprefix("http://"), timeout=10)
    used = []
    for _ in range(3):
        connection.request("GET", "/standard/api/v2?key=sandbox-key&action=balance")
        assert connection.getresponse().read() == b'{"balance": "1000000000.00000", "currency": "IRT"}'
        used.append(connection.sock.getsockname())
    connection.close()
    assert len(set(used)) == 1


@pytest.mark.parametrize("fate", ["timeout", "slow"])
def test_stopping_does_not_wait_for_hanging_connections(fate):
    with SandboxServer() as sandbox:
        hanging = threading.Thread(target=lambda: _swallow(sandbox.url, fate))
        hanging.start()
        while not sandbox.orders():
            time.sleep(0.01)
        began = time.monotonic()
    hanging.join(10)
    assert (hanging.is_alive(), time.monotonic() - began < 5) == (False, True)


def _swallow(url, fate):
    with pytest.raises(requests.ConnectionError):
        add_order(requests, url, f"{LINK}/{fate}")


def test_a_client_that_goes_frees_its_hanging_connection(sandbox):
    before = threading.active_count()
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{sandbox.url}/standard/api/v2",
            data={
                "key": "sandbox-key",
                "action": "add",
                "service": 1,
                "quantity": 100,
                "link": f"{LINK}/timeout",
            },
            timeout=2,
        )
    deadline = time.monotonic() + 15
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_restarted_sandbox_remembers_orders_messages_and_counters(tmp_path):
    file = str(tmp_path / "state.sqlite3")
    body = {"from": "3000", "recipients": ["09121234567"], "message": "x", "type": 0}
    with SandboxServer(state=file) as sandbox:
        add_order(requests, sandbox.url, LINK)
        url = f"{sandbox.url}/sms/api/v1/rest/sms/send"
        requests.post(url, json=body, headers={"token": "sandbox-sms-token"}, timeout=10)
        before = (sandbox.orders(), sandbox.messages(), sandbox.counters())
    with SandboxServer(state=file, pace=3600) as sandbox:
        assert (sandbox.orders(), sandbox.messages(), sandbox.counters()) == before
        assert add_order(requests, sandbox.url, LINK).json() == {"order": 2}


def test_a_state_file_of_the_first_version_is_brought_up_to_date(tmp_path):
    file = str(tmp_path / "state.sqlite3")
    first = sqlite3.connect(file)
    first.executescript(f"{FIRST_SCHEMA}PRAGMA user_version = 1;")
    first.execute(
        "INSERT INTO orders (api_key, service, target, quantity, charge, fate, fields, body_digest, created)"
        " VALUES ('sandbox-key', 1, ?, 100, 0, 'plain', '{}', '', 1)",
        (LINK,),
    )
    first.commit()
    first.close()
    for _ in range(2):
        with SandboxServer(state=file) as sandbox:
            assert [(row["order"], row["link"], row["tracking_id"]) for row in sandbox.orders()] == [
                (1, LINK, None)
            ]


def test_messages_of_an_older_state_file_are_kept(tmp_path):
    file = str(tmp_path / "state.sqlite3")
    older = sqlite3.connect(file)
    older.executescript(f"{FIRST_SCHEMA}{UPGRADES[1]}PRAGMA user_version = 2;")
    older.execute("INSERT INTO messages (sender, text, type, created) VALUES ('3000', 'x', 0, 5)")
    older.execute("INSERT INTO recipients VALUES (1, 0, '09121234567', '09121234567')")
    older.commit()
    older.close()
    with SandboxServer(state=file) as sandbox:
        assert [(row["account"], row["created"]) for row in sandbox.messages("09121234567")] == [
            ("sandbox", 5.0)
        ]


def test_a_state_file_of_a_later_version_is_refused(tmp_path):
    file = str(tmp_path / "state.sqlite3")
    later = sqlite3.connect(file)
    later.execute("PRAGMA user_version = 999")
    later.close()
    with pytest.raises(StateFileError):
        Store(file)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST /standard/api/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n", "413"),
        ("POST /standard/api/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n", "411"),
        ("POST /standard/api/v2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n", "411"),
        ("GET /nowhere HTTP/1.1\r\nHost: x\r\n", "404"),
        ("DELETE /standard/api/v2 HTTP/1.1\r\nHost: x\r\n", "405"),
        ("POST /standard/api/v2?key=%FF%00&action=%FF HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n", "200"),
    ],
)
def test_odd_requests_get_a_clear_status(sandbox, head, status):
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{head}\r\n".encode())
        assert connection.recv(1000).split()[1].decode() == status


def test_text_that_is_no_unicode_makes_no_fault(sandbox):
    body = b'{"key": "sandbox-key", "action": "add", "service": 1, "quantity": 50, "link": "https://x.y/\\ud800"}'
    answer = requests.post(f"{sandbox.url}/standard/api/v2", data=body, timeout=10)
    assert answer.json() == {"order": 1}
    assert [order["link"] for order in sandbox.orders()] == ["https://x.y/?"]
