"""Work that the threads of a process want done soon and don't wait for: what they gathered is sent in parcels."""

import atexit
import logging
import os
import threading

log = logging.getLogger(__name__)
LAST_SECONDS = 5  # that the end of a process waits for a run


class Background:
    """Runs `work` in a thread of its own soon after it was asked for, and at most once in `pause_seconds`.

    Whoever asks has put down before what there is to do: a run that begins later finds it. What `work` raises is
    logged, and the next run is made when it is asked for. A process that ends makes the run that was asked for: a
    thread that it froze in the middle of one could hold a lock that the interpreter's last steps need.
    """

    def __init__(self, name, work, pause_seconds):
        self._name, self._work, self._pause_seconds = name, work, pause_seconds
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)
        atexit.register(self._finish)

    def ask(self):
        """Have `work` run; costs next to nothing where that was asked for already, and never raises."""
        if self._asked.is_set():
            return
        self._asked.set()
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def _start(self):
        with self._starting:
            if self._thread is not None and self._thread.is_alive():
                return
            thread = threading.Thread(target=self._run_forever, name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError:  # no thread is left: whoever asks next tries again
                self._asked.clear()
            else:
                self._thread = thread

    def _run_forever(self):
        is_last = False
        while not is_last:
            self._asked.wait()
            is_last = self._ending.is_set()
            self._asked.clear()
            try:
                self._work()
            except Exception:
                log.exception("%s: not done", self._name)
            self._ending.wait(self._pause_seconds)

    def _finish(self):
        self._ending.set()
        self._asked.set()
        if self._thread is not None:
            self._thread.join(LAST_SECONDS)

    def _start_anew(self):
        """A forked process has none of the threads."""
        self._asked, self._ending = threading.Event(), threading.Event()
        self._starting, self._thread = threading.Lock(), None
