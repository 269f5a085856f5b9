"""Keep the demo's processes and engines running until somebody says stop."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from panel import engines
from panel.demo.child import Child
from panel.demo.pids import STOP_ORDER, DemoRecord, Process, forget_record, write_record

LOOK_SECONDS = 0.2
ENGINE_LOOK_SECONDS = 2


class StopAsked(Exception):
    """Somebody asked the demo to stop: whatever it was about to do is left undone."""


class Supervisor:
    """Starts children, starts dead ones again and says so, and stops all it started and nothing else."""

    def __init__(self, folder: Path, record: DemoRecord, environment: dict[str, str], say: Callable):
        self.folder = folder
        self.record = record
        self.environment = environment
        self.say = say
        self.children: dict[str, Child] = {}
        self.signals = 0
        self.uses_engines = not (environment.get("DATABASE_URL") and environment.get("REDIS_URL"))
        self.engines_looked_at = 0.0
        self.own_urls: dict[str, str] = {}

    def catch_signals(self) -> None:
        """From now on Ctrl-C and its kin only ask to stop, and hear StopAsked at the next step."""
        signal.signal(signal.SIGINT, self._count_signal)
        signal.signal(signal.SIGTERM, self._count_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # what nohup asked for stays
            signal.signal(signal.SIGHUP, self._count_signal)

    def go_on(self) -> None:
        """Raise StopAsked once somebody asked to stop."""
        if self.signals:
            raise StopAsked

    def start_engines(self) -> None:
        """Start the embedded engines where the environment names no others, and pass their addresses on.

        Raises EngineError, StopAsked.
        """
        self.go_on()
        if not self.uses_engines:
            return
        if engines.find(self.folder) is None:
            self.record.engines_started = True
            write_record(self.folder, self.record)
        running = engines.start(self.folder)
        urls = {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
        given = {name: value for name, value in os.environ.items() if name in urls and value}
        self.own_urls = urls
        self.environment |= urls | given
        self.engines_looked_at = time.monotonic()

    def start(self, child: Child) -> None:
        """Start a child and remember it, in memory and in the pid file. Raises StopAsked."""
        self.go_on()
        child.start(self.environment)
        self.children[child.name] = child
        self.record.children[child.name] = Process(child.process.pid, child.started)
        write_record(self.folder, self.record)

    def watch(self, until: Callable[[], bool]) -> None:
        """Look after everything until the condition holds. Raises StopAsked."""
        while not until():
            self.go_on()
            self._look()
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Stop everything in order: what makes work first, PostgreSQL last. A second Ctrl-C hurries it."""
        for name in STOP_ORDER:
            child = self.children.pop(name, None)
            if child:
                child.stop(1) if self.signals > 1 else child.stop()
        if self.record.engines_started:
            engines.stop(self.folder)
        forget_record(self.folder)

    def _look(self) -> None:
        self._look_at_engines()
        for child in list(self.children.values()):
            if child.process is not None and not child.runs:
                child.bury()
            if child.process is not None or time.monotonic() < child.start_at:
                continue
            if child.restarts:
                self.start(child)
                self.say(f"{child.name} died (exit {child.status}): started again")
            else:
                del self.children[child.name], self.record.children[child.name]
                write_record(self.folder, self.record)

    def _look_at_engines(self) -> None:
        if not self.own_urls or time.monotonic() - self.engines_looked_at < ENGINE_LOOK_SECONDS:
            return
        self.engines_looked_at = time.monotonic()
        if engines.find(self.folder) is not None:
            return
        before = self.own_urls
        try:
            self.start_engines()
        except engines.EngineError as error:
            self.say(f"the engines died and cannot be started: {error}")
            return
        self.say("an engine died: started again")
        if self.own_urls != before:  # its port was taken meanwhile: everybody has to hear of the new one
            for child in self.children.values():
                child.stop()
                self.start(child)

    def _count_signal(self, *_) -> None:
        self.signals += 1
