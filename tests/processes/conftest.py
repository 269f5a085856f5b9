"""What tests of whole processes start from."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from panel.engines import ports
from panel.engines.home import find_wheels
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.providers.steps import PRICE

SECONDS = 40
QUICK = {"SWEEP_SECONDS": 1, "POLL_FIRST_SECONDS": 1, "PROVIDER_DEADLINE_SECONDS": 3}


def wait_until(is_so, seconds=SECONDS):
    """Wait until `is_so()`; returns whether it came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def running(*starts):
    """Several processes of tests/running.py, started at the same time: their start is what takes long."""
    with ExitStack() as stack, ThreadPoolExecutor(len(starts)) as pool:
        begun = [pool.submit(stack.enter_context, start) for start in starts]
        yield [process.result() for process in begun]


@dataclass
class Broker:
    """A Valkey of the test's own, which may go away and come back at the same address."""

    port: int
    folder: Path
    process: subprocess.Popen | None = None

    @property
    def url(self):
        """Its address for BROKER_URL."""
        return f"redis://{ports.HOST}:{self.port}/0"

    def start(self):
        """Start it, empty, and wait until it answers."""
        command = [find_wheels()[2], "--port", str(self.port), "--bind", ports.HOST, "--save", ""]
        self.process = subprocess.Popen([*command, "--dir", self.folder], stdout=subprocess.DEVNULL)
        if not wait_until(lambda: ports.exchange(self.port, b"PING\r\n") == b"+PONG\r\n", 10):
            raise AssertionError("the broker does not start")

    def stop(self):
        """End it with all that it holds."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def running_broker(folder):
    """A broker on a free port."""
    broker = Broker(ports.pick_port(None), folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@pytest.fixture
def shop(transactional_db, sandbox, clean_redis):
    """(customer, service, provider) for 1,000 orders; the provider honours our idempotency key."""
    customer, service = make_customer(1_000_000), make_service(price=PRICE)
    provider = make_provider(sandbox.url, honours_idempotency_key=True)
    make_route(service, provider)
    return customer, service, provider
