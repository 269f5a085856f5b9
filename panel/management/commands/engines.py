"""`manage.py engines start|stop|status|run`: the embedded PostgreSQL and Valkey of this checkout."""

import os
import signal
import subprocess
import sys

from django.core.management.base import BaseCommand, CommandError

from panel import engines


class Command(BaseCommand):
    help = "Start, stop or look at the embedded engines, or run a command with them."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["start", "stop", "status", "run"])
        parser.add_argument("--redis-db", type=int, default=0, help="number of Valkey's database for `run`")
        parser.add_argument("command", nargs="*", help="after `run --`: what to run")

    def handle(self, *, action, command, redis_db, **options):
        try:
            if action == "run":
                sys.exit(run_with_engines(command, redis_db))
            self.stdout.write({"start": start, "stop": stop, "status": describe}[action]())
        except engines.EngineError as error:
            raise CommandError(str(error)) from error


def are_external():
    """True when both engines are given by the environment, so that none of ours is needed."""
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def start():
    if are_external():
        return "DATABASE_URL and REDIS_URL are set: no embedded engine is needed"
    engines.start()
    return describe()


def stop():
    return "stopped" if engines.stop() else "no embedded engine runs"


def describe():
    running = engines.find()
    if running is None:
        return "the embedded engines do not run"
    return (
        f"PostgreSQL on port {running.postgres.port} (pid {running.postgres.pid}), "
        f"Valkey on port {running.valkey.port} (pid {running.valkey.pid}), data in {running.home}"
    )


def run_with_engines(command, redis_db):
    """Run a command with both URLs in its environment and return its exit status.

    Engines that did not run before do not run afterwards.
    """
    if not command:
        raise CommandError("engines run needs a command after --")
    if are_external():
        return wait_for(command, {})
    ran_before = engines.find() is not None
    running = engines.start()
    redis_url = f"{running.redis_url.rpartition('/')[0]}/{redis_db}"
    urls = {"DATABASE_URL": running.database_url, "REDIS_URL": redis_url}
    given = {name: os.environ[name] for name in urls if os.environ.get(name)}
    try:
        return wait_for(command, urls | given)
    finally:
        if not ran_before:
            engines.stop()


def wait_for(command, environment):
    """Run the command to its end, whatever signals come meanwhile: it gets them too, or is sent them."""
    children = []
    signal.signal(signal.SIGINT, lambda *_: None)  # a terminal's Ctrl-C reaches the command by itself
    signal.signal(signal.SIGTERM, lambda *_: [child.terminate() for child in children])
    children.append(subprocess.Popen(command, env=os.environ | environment))  # noqa: S603 - the caller's own
    status = children[0].wait()
    return status if status >= 0 else 128 - status  # as shells count an end by signal
