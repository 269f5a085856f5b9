"""What is done to the panel while it works: each blow at a moment chosen by the seed."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from chaos.gates import Gate
from chaos.processes import BEAT, WEB, WORKERS, Processes
from chaos.sandbox_control import SandboxControl
from panel import engines
from panel.engines import postgres, processes, record
from panel.engines.home import open_home

FIRST_SECOND, LAST_SHARE = 5.0, 0.85  # blows fall between these, so that there is work before and after each
SECONDS_APART = 15.0
AWAY_SHARE = 0.1  # of the run a neighbour is away: a minute of ten
AT_ONCE = 4
CLOCK_JUMPS = (7_200, 600, -120)  # seconds; the tokens of happy-follower live an hour


@dataclass(slots=True)
class Blow:
    """One that fell: `over` is when the run itself had put back what it took."""

    kind: str
    what: str
    at: datetime
    over: datetime


@dataclass
class Blows:
    """Deals the blows from a thread of its own; one that lasts keeps no other waiting. `folder` is the engines'."""

    seconds: float
    seed: int
    processes: Processes
    gates: dict[str, Gate]
    sandbox: SandboxControl
    folder: Path
    say: Callable[[str], None]
    fell: list[Blow] = field(default_factory=list)

    def __post_init__(self):
        self._chance = random.Random(f"{self.seed} blows")
        self._kinds: dict[str, Callable[[], str]] = {
            "worker": self._kill_worker,
            "beat": self._kill_beat,
            "web": self._kill_web_worker,
            "broker": self._restart_broker,
            "PostgreSQL": self._restart_postgres,
            "neighbour": self._stop_neighbour,
            "clock": self._jump_clock,
        }
        self.errors: list[BaseException] = []
        self._engines_lock = threading.Lock()
        self._ended = threading.Event()
        self._began = 0.0
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="blow")
        self._thread = threading.Thread(target=self._deal, name="blows", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Deal no more, wait for the last one, and see that the engines run. Raises what went wrong."""
        self._ended.set()
        self._thread.join()
        self._pool.shutdown()
        engines.start(self.folder)
        if self.errors:
            raise self.errors[0]

    def plan(self) -> list[tuple[float, str]]:
        """`(second, kind)` of all blows: every kind once, and more of them at random in a long run."""
        count = max(len(self._kinds), int(self.seconds / SECONDS_APART))
        kinds = [*self._kinds, *self._chance.choices(list(self._kinds), k=count - len(self._kinds))]
        self._chance.shuffle(kinds)
        step = (self.seconds * LAST_SHARE - FIRST_SECOND) / count
        return [
            (FIRST_SECOND + step * (place + 0.8 * self._chance.random()), kind)
            for place, kind in enumerate(kinds)
        ]

    def _deal(self) -> None:
        self._began = time.monotonic()
        for second, kind in self.plan():
            if self._ended.wait(max(self._began + second - time.monotonic(), 0)):
                return
            self._pool.submit(self._strike, kind)

    def _strike(self, kind: str) -> None:
        at = datetime.now(UTC)
        try:
            what = self._kinds[kind]()
        except BaseException as error:  # noqa: BLE001 - told by stop()
            self.errors.append(error)
            return
        self.fell.append(Blow(kind, what, at, datetime.now(UTC)))
        self.say(f"  {time.monotonic() - self._began:6.1f} s  {what}")

    def _kill_worker(self) -> str:
        name = self._chance.choice(WORKERS)
        self.processes.kill(name)
        return f"{name} killed"

    def _kill_beat(self) -> str:
        self.processes.kill(BEAT)
        return "beat killed"

    def _kill_web_worker(self) -> str:
        self.processes.kill_part(WEB, self._chance.randrange(8))
        return "a web process killed"

    def _restart_broker(self) -> str:
        with self._engines_lock:
            known = engines.start(self.folder)
            processes.end(known.valkey.pid, known.valkey.started, seconds=0)
            time.sleep(1)
            self._start_engines(known)
        return "Valkey killed and started again, empty"

    def _restart_postgres(self) -> str:
        with self._engines_lock:
            known = engines.start(self.folder)
            postgres.stop(open_home(self.folder), known.postgres, mode="immediate")
            self._start_engines(known)
        return "PostgreSQL stopped in immediate mode and started again"

    def _stop_neighbour(self) -> str:
        name = self._chance.choice(list(self.gates))
        gate, hangs = self.gates[name], self._chance.random() < 0.5
        gate.stop() if hangs else gate.shut()
        time.sleep(self.seconds * AWAY_SHARE)
        gate.go_on() if hangs else gate.open()
        return f"{name} {'hung' if hangs else 'refused connections'} for {self.seconds * AWAY_SHARE:.0f} s"

    def _jump_clock(self) -> str:
        seconds = self._chance.choice(CLOCK_JUMPS)
        self.sandbox.set_clock(seconds)
        time.sleep(self.seconds * AWAY_SHARE / 2)
        self.sandbox.set_clock(0)
        return f"the upstreams' clock jumped by {seconds:,} s and back"

    def _start_engines(self, known: record.Engines) -> None:
        """Start what is down, at the ports of before."""
        running = engines.start(self.folder)
        if (running.database_url, running.redis_url) != (known.database_url, known.redis_url):
            raise engines.EngineError("a port of the engines was taken while they were down: run it again")
