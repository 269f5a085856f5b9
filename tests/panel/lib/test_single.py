"""One run at a time in a process, and no wake-up lost."""

import threading

from panel.lib.single import single_run


def test_a_call_during_a_run_starts_it_over_and_returns_at_once():
    inside, go_on = threading.Event(), threading.Event()
    runs = []

    @single_run
    def work():
        runs.append(threading.get_ident())
        inside.set()
        go_on.wait(10)

    first = threading.Thread(target=work)
    first.start()
    inside.wait(10)
    work()
    work()
    go_on.set()
    first.join(10)
    assert runs == [first.ident, first.ident]


def test_a_run_that_fails_leaves_the_next_one_free():
    runs = []

    @single_run
    def work():
        runs.append(1)
        if len(runs) == 1:
            raise ValueError("first")

    try:
        work()
    except ValueError:
        work()
    assert runs == [1, 1]


def test_many_calls_at_once_never_run_side_by_side():
    together, most = [], []

    @single_run
    def work():
        together.append(1)
        most.append(len(together))
        together.pop()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert set(most) == {1}
