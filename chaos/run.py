"""A run from its first process to its verdict. Imported once Django is set up."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from chaos.blows import CLOCK_JUMPS, Blows
from chaos.facts import collect, measure_recovery
from chaos.gates import Gate
from chaos.load import Load
from chaos.processes import BEAT, SANDBOX, WEB, WORKERS, Processes
from chaos.quiet import Reviewer, end_campaigns, resume_providers, wait_until_quiet
from chaos.record import Facts, Record
from chaos.sandbox_control import SandboxControl
from chaos.seeding import Shop, seed_shop

QUIET_SECONDS = 180


@dataclass(frozen=True)
class Plan:
    """What a run is: so many seconds of load, by this seed, with these parts."""

    seconds: float
    seed: int
    processes: Processes
    gates: dict[str, Gate]
    web_port: int
    sandbox_port: int
    engines_folder: Path
    say: Callable[[str], None]

    @property
    def web_url(self) -> str:
        """Where customers call."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def sandbox(self) -> SandboxControl:
        """The neighbours as seen from behind."""
        return SandboxControl(f"http://127.0.0.1:{self.sandbox_port}")


def run_chaos(plan: Plan) -> Facts:
    """Start everything, let it be hurt under load, wait for its end; returns what there is to judge."""
    shop = seed_shop({name: gate.port for name, gate in plan.gates.items()})
    with _running(plan):
        return _press(plan, shop)


@contextlib.contextmanager
def _running(plan: Plan) -> Iterator[None]:
    processes = plan.processes
    try:
        processes.start((SANDBOX, WEB, *WORKERS, BEAT))
        processes.wait_for_http(SANDBOX, plan.sandbox_port)
        processes.wait_for_http(WEB, plan.web_port)
        processes.wait_for_word(WORKERS, " ready.")
        processes.keep()
        yield
    finally:
        processes.stop()
        connection.close()


def _press(plan: Plan, shop: Shop) -> Facts:
    record, sandbox, reviewer = Record(), plan.sandbox, Reviewer()
    load = Load(shop, plan.web_url, sandbox.url, plan.seed, record)
    blows = Blows(plan.seconds, plan.seed, plan.processes, plan.gates, sandbox, plan.engines_folder, plan.say)
    began = time.monotonic()
    sandbox.spoil(plan.seed)
    plan.say(f"load for {plan.seconds:.0f} s …")
    connection.close()  # PostgreSQL will break it off
    for part in (load, reviewer, blows):
        part.start()
    try:
        time.sleep(plan.seconds)
    finally:
        blows.stop()
    spoilt = sandbox.calm()
    sandbox.set_clock(max(CLOCK_JUMPS))  # what was ordered while the clock was ahead grows old too
    load.stop()
    reviewer.stop()
    ended = time.monotonic()
    plan.say(
        f"{record.calls:,} calls in {ended - began:.0f} s, {sum(spoilt.values()):,} answers of neighbours spoilt"
    )
    end_campaigns()
    paused = resume_providers()
    plan.say("waiting until all is quiet …")
    left = wait_until_quiet(sandbox, QUIET_SECONDS)
    quiet = time.monotonic() - ended
    facts = collect(record, sandbox, left)
    return facts | {
        "paused": paused,
        "recovery": measure_recovery(blows.fell),
        "quiet_seconds": quiet,
        "spoilt": spoilt,
    }
