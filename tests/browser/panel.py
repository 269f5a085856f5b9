"""The whole panel for a browser: web, worker, beat and sandbox on the tests' database, with the demo's data."""

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass

from panel.demo.surroundings import Addresses
from panel.demo.surroundings import build_environment as build_demo_environment
from panel.engines import ports
from providers.sandbox.server import SandboxServer
from tests.processes.conftest import running
from tests.running import ROOT, build_environment, running_beat, running_web, running_worker

PACE = 2  # seconds that an order of the sandbox stays in each status
LOAD_SECONDS = 120
QUICK = {"SWEEP_SECONDS": "1", "POLL_FIRST_SECONDS": "1", "SMS_PENDING_STATUS_SECONDS": "1"}


@dataclass(frozen=True, slots=True)
class Panel:
    """Where it is, what the sandbox got, and the demo's facts (`load_demo --json`)."""

    url: str
    sandbox: SandboxServer
    facts: dict


@contextmanager
def running_panel():
    """Start everything, yield the Panel, and stop it."""
    with SandboxServer(port=0, pace=PACE) as sandbox:
        addresses = Addresses(ports.pick_port(None), int(sandbox.url.rpartition(":")[2]))
        env = build_demo_environment(addresses) | QUICK
        for name in ("DATABASE_URL", "REDIS_URL"):  # the tests' own
            env.pop(name, None)
        facts = json.loads(_run_command("load_demo", "--json", **env))
        web = running_web(addresses.port, **env)
        with running(web, running_worker(**env), running_beat(**env)):
            yield Panel(addresses.url, sandbox, facts)


def _run_command(*command, **env):
    """What one of Django's commands prints. Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=build_environment(**env),
        stdout=subprocess.PIPE,
        check=True,
        timeout=LOAD_SECONDS,
    )
    return done.stdout
