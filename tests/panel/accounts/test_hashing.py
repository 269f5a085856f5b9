"""Few passwords are hashed at a time, few callers wait, and the rest is told to come again."""

import threading

import pytest

from panel.accounts.hashing import AT_ONCE, WAITING, hashing_slot
from panel.accounts.logins import LoginThrottled


def test_no_more_than_so_many_hash_and_wait():
    running, most, release, lock = [], [], threading.Event(), threading.Lock()

    def hash_one():
        with hashing_slot():
            with lock:
                running.append(1)
                most.append(len(running))
            release.wait(30)
            with lock:
                running.pop()

    threads = [threading.Thread(target=hash_one) for _ in range(AT_ONCE + WAITING)]
    for thread in threads:
        thread.start()
    while len(most) < AT_ONCE:
        release.wait(0.01)
    with pytest.raises(LoginThrottled) as refused:
        while not release.wait(0.01):  # until the last of them waits
            with hashing_slot():
                pass
    release.set()
    for thread in threads:
        thread.join(30)
    assert (refused.value.retry_after_seconds, max(most), len(most)) == (1, AT_ONCE, AT_ONCE + WAITING)


def test_a_slot_is_free_again_after_trouble():
    for _ in range(AT_ONCE + WAITING + 1):
        with pytest.raises(ZeroDivisionError), hashing_slot():
            raise ZeroDivisionError
