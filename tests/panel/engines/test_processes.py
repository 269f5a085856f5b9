"""Telling processes apart, and ending exactly the one that is meant."""

import subprocess
import sys
import time

import pytest

from panel.engines import processes


@pytest.fixture
def sleeper():
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_running_process_has_one_start_and_its_command(sleeper):
    started = processes.read_started(sleeper.pid)
    assert started == processes.read_started(sleeper.pid)
    assert processes.is_same(sleeper.pid, started) is True
    deadline = time.monotonic() + 5
    while processes.read_command(sleeper.pid) != "sleep 60 " and time.monotonic() < deadline:
        time.sleep(0.01)
    assert processes.read_command(sleeper.pid) == "sleep 60 "


def test_a_zombie_counts_as_gone(sleeper):
    started = processes.read_started(sleeper.pid)
    sleeper.kill()
    assert processes.wait_gone(sleeper.pid, started, seconds=5) is True
    assert processes.read_started(sleeper.pid) is None


def test_end_spares_a_process_that_started_at_another_time(sleeper):
    assert processes.end(sleeper.pid, "1", seconds=1) is False
    assert sleeper.poll() is None


def test_end_kills_one_that_does_not_listen_and_what_it_started():
    script = (
        "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as stubborn:
        grandchild = int(stubborn.stdout.readline())
        grandchild_started = processes.read_started(grandchild)
        started = processes.read_started(stubborn.pid)
        assert processes.end(stubborn.pid, started, seconds=0.2, group=True) is True
        assert processes.wait_gone(grandchild, grandchild_started, seconds=5) is True
    assert stubborn.returncode == -9
