"""Ports, addresses and environment of a demo."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from panel.demo.pids import describe_self, write_record
from panel.demo.run import hold_folder
from panel.demo.surroundings import Addresses, DemoError, build_environment, choose_addresses, read_port

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture
def listener():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def test_a_port_in_use_is_one_line(listener):
    port = listener.getsockname()[1]
    with pytest.raises(DemoError) as refusal:
        choose_addresses(port)
    advice = f"stop what uses it or choose another with PORT={port + 1} make demo"
    assert str(refusal.value) == f"port {port} is in use: {advice}"


def test_the_sandbox_takes_the_next_free_port(listener):
    taken = listener.getsockname()[1]
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", taken - 1)) == 0:
            pytest.fail(f"port {taken - 1} is in use: run the test again")
    chosen = choose_addresses(taken - 1)
    assert chosen.port == taken - 1
    assert chosen.sandbox_port > taken


@pytest.mark.parametrize("text", ["", "abc", "0", "-1", "65535", "99999", "80.5", "۸۰۰۰"])
def test_what_is_no_port_is_one_line(text):
    with pytest.raises(DemoError) as refusal:
        read_port(text)
    assert str(refusal.value) == f"PORT={text} is not a port: choose a number from 1 to 65534"


def test_a_port_is_read():
    assert read_port("8001") == 8001


def test_nothing_of_the_demo_is_sent_outside(monkeypatch):
    outside = {
        "SMS_GATEWAY_URL": "https://sms.example",
        "EGRESS_ALLOW": "0.0.0.0/0",
        "SANDBOX_URL": "https://x",
        "ZARINPAL_URL": "https://payment.zarinpal.com",
        "ZARINPAL_MERCHANT_ID": "a-real-merchant",
        "INSTAGRAM_AUTHORIZE_URL": "https://instagram.example/authorize",
        "INSTAGRAM_TOKEN_URL": "https://instagram.example/token",
        "INSTAGRAM_API_URL": "https://instagram.example/v1",
        "INSTAGRAM_CLIENT_SECRET": "a-real-secret",
        "INSTAGRAM_APP_TOKEN": "a-real-token",
        "BAZAAR_URL": "https://bazaar.example",
        "BAZAAR_SECRET": "a-real-secret",
    }
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    environment = build_environment(Addresses(8000, 8001))
    assert {name: environment[name] for name in outside} == {
        "SMS_GATEWAY_URL": "http://127.0.0.1:8001/sms/api/v1/rest",
        "EGRESS_ALLOW": "127.0.0.0/8",
        "SANDBOX_URL": "http://127.0.0.1:8001",
        "ZARINPAL_URL": "http://127.0.0.1:8001/bank",
        "ZARINPAL_MERCHANT_ID": "sandbox-merchant-0000000000000000000",
        "INSTAGRAM_AUTHORIZE_URL": "http://127.0.0.1:8001/instagram/oauth/authorize",
        "INSTAGRAM_TOKEN_URL": "http://127.0.0.1:8001/instagram/oauth/access_token",
        "INSTAGRAM_API_URL": "http://127.0.0.1:8001/instagram/v1",
        "INSTAGRAM_CLIENT_SECRET": "sandbox-client-secret",
        "INSTAGRAM_APP_TOKEN": "sandbox-app-token",
        "BAZAAR_URL": "http://127.0.0.1:8001/bazaar/devapi/v2/api",
        "BAZAAR_SECRET": "sandbox-bazaar-secret",
    }


def test_nobody_has_to_wait_minutes_for_sums_and_posts(monkeypatch):
    for name in ("STATS_SECONDS", "POSTS_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    environment = build_environment(Addresses(8000, 8001))
    assert {name: environment[name] for name in ("STATS_SECONDS", "POSTS_SECONDS")} == {
        "STATS_SECONDS": "10",
        "POSTS_SECONDS": "10",
    }


def test_ones_own_pace_is_kept(monkeypatch):
    monkeypatch.setenv("SWEEP_SECONDS", "9")
    assert build_environment(Addresses(8000, 8001))["SWEEP_SECONDS"] == "9"


def test_a_second_demo_of_a_checkout_is_refused_in_one_line(tmp_path):
    script = (
        "import sys; from pathlib import Path; from panel.demo.run import *\n"
        "folder = Path(sys.argv[1])\n"
        "with hold_folder(folder):\n"
        "    write_record(folder, describe_self('http://127.0.0.1:8000', 'http://sandbox'))\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=CHECKOUT, env=os.environ, **pipes) as first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(DemoError) as refusal, hold_folder(tmp_path):
            pass
        where = f"at http://127.0.0.1:8000 (pid {first.pid})"
        advice = "stop it with Ctrl-C there, or with make demo-down"
        assert str(refusal.value) == f"a demo of this checkout runs already {where}: {advice}"
        first.stdin.close()
    with hold_folder(tmp_path):
        assert first.returncode == 0


def test_a_full_disk_is_one_line(tmp_path):
    (tmp_path / "demo.pids.json.new").symlink_to("/dev/full")
    with pytest.raises(DemoError) as refusal, hold_folder(tmp_path):
        write_record(tmp_path, describe_self("http://127.0.0.1:8000", "http://sandbox"))
    assert str(refusal.value) == f"No space left on device: {tmp_path}"


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError) as refusal, hold_folder(tmp_path / "file"):
        pass
    assert str(refusal.value) == f"Not a directory: {tmp_path / 'file' / 'logs'}"
