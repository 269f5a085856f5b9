"""A process's own background work: done after it was asked for, seldom, and whatever became of the last run."""

import os
import subprocess
import sys
import threading

import pytest

from panel.lib.background import Background
from tests.running import ROOT

DEADLINE = 5
ENDING = """
import time
from panel.lib.background import Background

def work():
    time.sleep(0.3)
    print(waiting.pop())

waiting, background = [2, 1], Background("test", work, 60)
background.ask()
time.sleep(0.1)
background.ask()
"""


class Work:
    """Counts its runs and takes what was put down; the first `bad` runs raise."""

    def __init__(self, bad=0, pause_seconds=0.01):
        self.waiting, self.taken, self.runs, self.bad = [], [], 0, bad
        self.ran = threading.Condition()
        self.background = Background("test", self, pause_seconds)

    def put(self, thing):
        self.waiting.append(thing)
        self.background.ask()

    def __call__(self):
        with self.ran:
            self.runs += 1
            self.ran.notify_all()
            if self.runs <= self.bad:
                raise ValueError("not this time")
            while self.waiting:
                self.taken.append(self.waiting.pop())

    def wait(self, condition):
        with self.ran:
            return self.ran.wait_for(lambda: condition(self), DEADLINE)


def test_what_many_threads_put_down_is_all_taken():
    work = Work()
    threads = [
        threading.Thread(target=lambda start=start: [work.put(start + step) for step in range(100)])
        for start in range(0, 800, 100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.wait(lambda work: len(work.taken) == 800)
    assert sorted(work.taken) == list(range(800))


def test_what_comes_in_the_pause_is_one_more_run():
    work = Work(pause_seconds=0.5)
    work.put(0)
    assert work.wait(lambda work: work.runs == 1)
    for number in range(1, 50):
        work.put(number)
    assert work.wait(lambda work: len(work.taken) == 50)
    assert work.runs == 2


def test_a_run_that_fails_does_not_end_it(caplog):
    work = Work(bad=1)
    work.put(1)
    assert work.wait(lambda work: work.runs == 1)
    work.put(2)
    assert work.wait(lambda work: sorted(work.taken) == [1, 2])
    assert "test: not done" in caplog.text


def test_without_a_thread_the_next_one_who_asks_tries_again(monkeypatch):
    work = Work()
    with monkeypatch.context() as broken:
        broken.setattr(
            threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError("no more threads"))
        )
        work.put(1)
    assert (work.runs, work.waiting) == (0, [1])
    work.put(2)
    assert work.wait(lambda work: sorted(work.taken) == [1, 2])


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_a_thread_of_its_own():
    work = Work()
    work.put(1)
    assert work.wait(lambda work: work.taken == [1])
    child = os.fork()
    if child == 0:
        work.put(2)
        os._exit(0 if work.wait(lambda work: work.taken == [1, 2]) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_process_that_ends_does_what_was_asked_for():
    done = subprocess.run(
        [sys.executable, "-c", ENDING], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n2\n", "")
