"""The demo's supervisor with real processes: restarts, stops, and what a killed one leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panel.demo.child import Child
from panel.demo.pids import Process, describe_self, read_record, stop_demo, stop_leftovers, write_record
from panel.demo.supervisor import StopAsked, Supervisor
from panel.engines import processes

CHECKOUT = Path(__file__).resolve().parents[3]
# Engines given from outside: the supervisor starts none.
ENVIRONMENT = {**os.environ, "DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}
FAMILY = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
KILLED_DEMO = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from tests.panel.demo.test_supervisor import *
supervisor = Supervisor(Path({folder!r}), describe_self("http://demo", "http://sandbox"), dict(ENVIRONMENT), print)
for name in ("sandbox", "worker", "beat"):
    supervisor.start(Child(name, ["sleep", "60"], Path({folder!r}), None))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    supervisor = Supervisor(
        tmp_path, describe_self("http://demo", "http://sandbox"), dict(ENVIRONMENT), said.append
    )
    yield supervisor
    supervisor.stop()


@pytest.fixture
def stranger():
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def start(supervisor, name, *command, **options):
    child = Child(name, list(command), supervisor.folder, supervisor.folder / f"{name}.log", **options)
    supervisor.start(child)
    return child


def read_pid(log):
    deadline = time.monotonic() + 10
    while not log.read_text().endswith("\n") and time.monotonic() < deadline:
        time.sleep(0.02)
    return int(log.read_text())


def test_a_dead_child_is_started_again_and_said(supervisor, said):
    child = start(supervisor, "worker", "sleep", "60")
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    supervisor.watch(lambda: bool(said))
    assert said == ["worker died (exit -9): started again"]
    assert child.runs is True
    assert child.process.pid != first
    assert read_record(supervisor.folder).children["worker"] == Process(child.process.pid, child.started)


def test_a_child_that_keeps_dying_is_started_ever_more_slowly():
    child = Child("web", ["false"], Path("/"), None)
    waits = []
    for _ in range(6):
        child.start(dict(ENVIRONMENT))
        processes.wait_gone(child.process.pid, child.started, seconds=5)
        before = time.monotonic()
        child.bury()
        waits.append(round(child.start_at - before))
    assert waits == [0, 1, 2, 4, 5, 5]
    assert child.status == 1


def test_what_a_dead_child_had_started_goes_with_it(supervisor, said):
    child = start(supervisor, "web", sys.executable, "-c", FAMILY)
    grandchild = read_pid(child.log)
    started = processes.read_started(grandchild)
    os.kill(child.process.pid, signal.SIGKILL)
    supervisor.watch(lambda: bool(said))
    assert processes.wait_gone(grandchild, started, seconds=5) is True


def test_one_that_is_meant_to_end_is_not_started_again(supervisor, said):
    start(supervisor, "journey", "true", restarts=False)
    supervisor.watch(lambda: "journey" not in supervisor.children)
    assert said == []
    assert read_record(supervisor.folder).children == {}


def test_stop_ends_what_it_started_and_nothing_else(supervisor, stranger):
    children = [start(supervisor, name, "sleep", "60") for name in ("sandbox", "web", "worker", "beat")]
    pids = [(child.process.pid, child.started) for child in children]
    supervisor.stop()
    assert [processes.is_same(*pid) for pid in pids] == [False] * 4
    assert stranger.poll() is None
    assert read_record(supervisor.folder) is None


def test_a_signal_ends_the_watch(supervisor):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    supervisor.catch_signals()
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopAsked):
            supervisor.watch(lambda: False)
        with pytest.raises(StopAsked):
            start(supervisor, "web", "sleep", "60")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_what_a_killed_demo_left_can_be_stopped(tmp_path, stranger):
    script = KILLED_DEMO.format(folder=str(tmp_path), tests=str(CHECKOUT))
    assert subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT).returncode == -9
    left = read_record(tmp_path).children
    assert {name: child.runs for name, child in left.items()} == {
        "sandbox": True,
        "worker": True,
        "beat": True,
    }
    assert stop_demo(tmp_path) == ["beat", "worker", "sandbox"]
    assert [child.runs for child in left.values()] == [False] * 3
    assert stranger.poll() is None
    assert stop_demo(tmp_path) == []


def test_a_pid_that_another_process_has_by_now_is_spared(tmp_path, stranger):
    record = describe_self("http://demo", "http://sandbox")
    record.demo = Process(stranger.pid, "1")
    record.children["web"] = Process(stranger.pid, "1")
    write_record(tmp_path, record)
    assert stop_demo(tmp_path) == []
    assert stop_leftovers(tmp_path, record) == []
    assert stranger.poll() is None
