"""The demo from its start to its end."""

import contextlib
import fcntl
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from panel import engines
from panel.demo.child import Child
from panel.demo.pids import describe_self, read_record, stop_leftovers, write_record
from panel.demo.sample_orders import place_samples
from panel.demo.supervisor import LOOK_SECONDS, StopAsked, Supervisor
from panel.demo.surroundings import Addresses, DemoError, build_environment, choose_addresses, list_commands

READY_SECONDS = 90
CHECKOUT = engines.FOLDER.parent


def run_demo(port: int, folder: Path = engines.FOLDER) -> None:
    """Run the demo on a port until SIGINT, SIGTERM or SIGHUP.

    Raises DemoError or EngineError, after stopping what was started.
    """
    with hold_folder(folder):
        clean_up(folder)
        addresses = choose_addresses(port)
        record = describe_self(addresses.url, addresses.sandbox_url)
        write_record(folder, record)
        supervisor = Supervisor(folder, record, build_environment(addresses), say)
        supervisor.catch_signals()
        try:
            with contextlib.suppress(StopAsked):
                play(supervisor, addresses, folder / "logs")
        finally:
            say("Stopping …")
            supervisor.stop()
            say("Stopped. Its data stay: the next make demo goes on with them.")


@contextlib.contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Let one demo at a time run in a checkout.

    Raises DemoError when another does, and when a full disk or another owner keeps the folder from being
    written to, now or later.
    """
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        with open(folder / "demo.lock", "a") as lock:
            lock_once(lock, folder)
            yield
    except OSError as error:
        raise DemoError(f"{error.strerror or error}: {error.filename or folder}") from error


def lock_once(lock: IO, folder: Path) -> None:
    """Lock the file until it is closed. Raises DemoError when another demo has locked it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        other = read_record(folder)
        where = f" at {other.url} (pid {other.demo.pid})" if other else ""
        advice = "stop it with Ctrl-C there, or with make demo-down"
        raise DemoError(f"a demo of this checkout runs already{where}: {advice}") from error


def clean_up(folder: Path) -> None:
    """Stop what a killed demo left, so that its ports are free again."""
    left = read_record(folder)
    stopped = stop_leftovers(folder, left) if left else []
    if stopped:
        say(f"Stopped what a killed demo left: {', '.join(stopped)}.")


def play(supervisor: Supervisor, addresses: Addresses, logs: Path) -> None:
    """Start everything in order, place the sample orders, then watch until somebody says stop."""
    say("Starting PostgreSQL and Valkey …")
    supervisor.start_engines()
    commands = list_commands(addresses, str(logs.parent / "sandbox.sqlite3"))
    children = {name: Child(name, commands[name], CHECKOUT, logs / f"{name}.log") for name in commands}
    supervisor.start(children["sandbox"])
    await_answer(supervisor, f"{addresses.sandbox_url}/control/counters", children["sandbox"])
    say("Migrating the database and loading the demo data …")
    run_step(supervisor, logs, "migrate", "--no-input", "--verbosity", "0")
    answer = run_step(supervisor, logs, "load_demo", "--json")
    say("Starting web, worker and beat …")
    for name in ("web", "worker", "beat"):
        supervisor.start(children[name])
    await_answer(supervisor, f"{addresses.url}/", children["web"])
    show_journey(supervisor, addresses, json.loads(answer))
    supervisor.watch(lambda: False)


def show_journey(supervisor: Supervisor, addresses: Addresses, facts: dict) -> None:
    """Print the logins, place the sample orders and let their journey be told as it happens."""
    service, key = facts["services"]["default"], facts["tokens"]["standard_key"]
    introduce(addresses, facts)
    orders = []
    for fate, answer in place_samples(addresses.url, key, service):
        supervisor.go_on()
        if isinstance(answer, dict) and "order" in answer:
            orders.append(f"{answer['order']}={fate}")
        else:
            say(f"the order of fate {fate} was not placed: {answer}")
    if orders:
        command = [sys.executable, "manage.py", "demo_journey", *orders]
        supervisor.start(Child("journey", command, CHECKOUT, None, restarts=False))
        supervisor.watch(lambda: "journey" not in supervisor.children)
    say(f"\nThe panel keeps running at {addresses.url} until Ctrl-C.")


def introduce(addresses: Addresses, facts: dict) -> None:
    """Print where the panel is and how to log in."""
    admin, customer = facts["admin"], facts["customer"]
    say(f"""
  Panel     {addresses.url}/          {customer["mobile"]} or {customer["email"]} / {customer["password"]}
  Admin     {addresses.url}/admin/    {admin["username"]} / {admin["password"]}
  API       {addresses.url}/api/v2    key {facts["tokens"]["standard_key"]}
  Sandbox   {addresses.sandbox_url}/          what the upstream and the SMS gateway got
  Logs      .panel/logs/

Orders of every fate, and what becomes of them:
""")


def run_step(supervisor: Supervisor, logs: Path, *command: str) -> str:
    """Run one of Django's commands to its end and return what it printed.

    Raises DemoError with its last line on failure, and StopAsked, which ends it early.
    """
    log = logs / "setup.log"
    with tempfile.TemporaryFile("w+") as output, open(log, "a") as errors:
        process = subprocess.Popen(  # noqa: S603 - a command of ours
            [sys.executable, "manage.py", *command],
            cwd=CHECKOUT,
            env=supervisor.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                supervisor.go_on()
                time.sleep(LOOK_SECONDS / 4)
        finally:
            process.terminate()
            process.wait()
        if process.returncode:
            last = (log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
            raise DemoError(f"{command[0]} failed: {last} (more in {log})")
        output.seek(0)
        return output.read()


def await_answer(supervisor: Supervisor, url: str, child: Child) -> None:
    """Wait until a web server answers anything at all. Raises DemoError when it does not in time."""
    deadline = time.monotonic() + READY_SECONDS
    supervisor.watch(lambda: answers(url) or time.monotonic() > deadline)
    if time.monotonic() > deadline:
        raise DemoError(f"{child.name} does not answer at {url} (more in {child.log})")


def answers(url: str) -> bool:
    """True when something answers with HTTP at this address."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def say(line: str) -> None:
    """Print a line at once; a reader that went away must not keep us from stopping in order."""
    with contextlib.suppress(OSError):
        print(line, flush=True)
