"""`python -m providers.sandbox`, `manage.py sandbox` and `manage.py sandbox_sms` as real processes."""

import ast
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
MODULE = [sys.executable, "-m", "providers.sandbox"]
MANAGE = [sys.executable, "manage.py"]
NO_DATABASE = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}


@contextmanager
def run_process(command):
    process = subprocess.Popen(
        command, cwd=ROOT, env=NO_DATABASE, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_needs_nothing_of_the_panel_and_only_the_standard_library():
    code = "import sys, providers.sandbox.__main__; print({name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    loaded = ast.literal_eval(done.stdout) - {"__main__", "providers"}
    assert loaded <= sys.stdlib_module_names


@pytest.mark.parametrize("command", [MODULE, [*MANAGE, "sandbox"]], ids=["module", "manage"])
def test_it_says_where_it_listens_and_ends_at_sigterm(command, tmp_path):
    with run_process([*command, "--port", "0", "--state", str(tmp_path / "s"), "--pace", "0"]) as process:
        line = process.stdout.readline()
        url = line.removeprefix("sandbox listening on ").strip()
        assert line == f"sandbox listening on {url}\n"
        assert requests.get(f"{url}/control/settings", timeout=10).json()["pace"] == 0.0
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert (process.wait(10), process.stderr.read()) == (0, "")
        assert time.monotonic() - began < 5


def test_a_killed_sandbox_loses_no_order(tmp_path):
    command = [*MODULE, "--port", "0", "--state", str(tmp_path / "s")]
    form = {
        "key": "sandbox-key",
        "action": "add",
        "service": 1,
        "quantity": 100,
        "link": "https://example.com/p",
    }
    for expected in (1, 2):
        with run_process(command) as process:
            url = process.stdout.readline().split()[-1]
            assert requests.post(f"{url}/standard/api/v2", data=form, timeout=10).json() == {
                "order": expected
            }
            process.kill()
            process.wait(10)


@pytest.mark.parametrize("command", [MODULE, [*MANAGE, "sandbox"]], ids=["module", "manage"])
def test_a_port_in_use_is_one_clear_line(command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*command, "--port", str(port)],
            cwd=ROOT,
            env=NO_DATABASE,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"sandbox cannot start on port {port}: [Errno 98] Address already in use"
    ]


@pytest.mark.parametrize(
    ("option", "value"), [("--state", "no/such/folder/s"), ("--state", "manage.py"), ("--port", "99999")]
)
def test_other_bad_options_are_one_clear_line(option, value):
    done = subprocess.run(
        [*MODULE, "--port", "0", option, value], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith("sandbox cannot start")


def read_sms(mobile, url):
    return subprocess.run(
        [*MANAGE, "sandbox_sms", mobile],
        cwd=ROOT,
        env={**NO_DATABASE, "SANDBOX_URL": url},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_sandbox_sms_prints_the_last_text_alone(sandbox):
    for text in ("first", "کد شما: 123456\nخط دوم"):
        body = {"from": "3000", "recipients": ["+989121234567"], "message": text, "type": 0}
        headers = {"token": "sandbox-sms-token"}
        requests.post(f"{sandbox.url}/sms/api/v1/rest/sms/send", json=body, headers=headers, timeout=10)
    done = read_sms("۰۹۱۲۱۲۳۴۵۶۷", sandbox.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "کد شما: 123456\nخط دوم\n", "")


def test_sandbox_sms_without_a_message_or_a_sandbox_exits_1_with_a_line(sandbox):
    done = read_sms("09120000000", sandbox.url)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (
        1,
        "",
        ["CommandError: no SMS to 09120000000"],
    )
    silent = read_sms("09120000000", "http://127.0.0.1:1")
    assert (silent.returncode, silent.stdout, len(silent.stderr.splitlines())) == (1, "", 1)
