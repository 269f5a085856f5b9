"""The product's own processes, started for a test as in production, against the test database.

Each runs in a process group of its own, writes to a log file and is stopped by its own pid. The caller's
keyword arguments are environment variables of the process: `running_web(LOG_LEVEL="DEBUG")`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from panel.engines import ports

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 15
WEB_WORKERS = 2
WEB_THREADS = 4
QUEUES = "forward,poll,notify,default"


@dataclass
class Running:
    """One started process; `url` is empty for one that serves nothing."""

    process: subprocess.Popen
    log: Path
    url: str = ""

    @property
    def runs(self):
        """True while the process lives."""
        return self.process.poll() is None

    def read_log(self):
        """All it has written so far."""
        return self.log.read_text(errors="replace")

    def kill(self):
        """SIGKILL to the whole process group: nothing in it gets to tidy up."""
        self._signal_group(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ask it to end; whatever is left of its group after STOP_SECONDS is killed."""
        if self.runs:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal_group(signal.SIGKILL)
                self.process.wait()
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


@contextmanager
def running_web(port=None, **env):
    """The web process on that or a free loopback port; yields once it answers at `.url`."""
    port = port or ports.pick_port(None)
    command = ["granian", "--interface", "wsgi", "--host", ports.HOST, "--port", str(port)]
    command += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    with _running([*command, "panel.wsgi:application"], env, url=f"http://{ports.HOST}:{port}") as web:
        # An API path: it answers without templates, static files or a session.
        request = b"GET /api/v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        _wait(web, lambda: ports.exchange(port, request, seconds=5).startswith(b"HTTP/1.1"))
        yield web


@contextmanager
def running_worker(threads=8, queues=QUEUES, prefix=(), **env):
    """A Celery worker with threads; yields once it takes tasks. `prefix` is a command that runs it elsewhere."""
    command = ["celery", "-A", "panel", "worker", "-P", "threads", "-c", str(threads), "-Q", queues]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    with _running([*command, "-n", f"{uuid.uuid4().hex}@test"], env, prefix=prefix) as worker:
        _wait(worker, lambda: "@test ready." in worker.read_log())
        yield worker


@contextmanager
def running_beat(**env):
    """Celery's beat; yields once it has started. `SWEEP_SECONDS` sets how often it sweeps."""
    with _running(["celery", "-A", "panel", "beat", "--pidfile=", "--loglevel", "INFO"], env) as beat:
        _wait(beat, lambda: "beat: Starting..." in beat.read_log())
        yield beat


def build_environment(**env):
    """What a process needs to work on this test's database and Redis, with `env` on top."""
    at = connection.settings_dict
    login = quote(at["USER"], safe="") + (f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else "")
    address = f"{quote(at['HOST'] or 'localhost', safe='')}:{at['PORT'] or 5432}"
    own = {
        "DJANGO_SETTINGS_MODULE": "panel.settings",
        "DATABASE_URL": f"postgres://{login}@{address}/{quote(at['NAME'], safe='')}",
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONUNBUFFERED": "1",
    }
    return os.environ | own | {name: str(value) for name, value in env.items()}


@contextmanager
def _running(command, env, url="", prefix=()):
    folder = Path(tempfile.mkdtemp(prefix="panel-test-"))
    log = folder / f"{command[0]}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-m", *command],
            cwd=ROOT,
            env=build_environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process, log, url)
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(running, is_ready):
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if not running.runs or time.monotonic() > deadline:
            state = "does not get ready" if running.runs else "died"
            raise AssertionError(f"{running.log.stem} {state}:\n{running.read_log()[-3000:]}")
        time.sleep(0.05)
