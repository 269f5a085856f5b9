"""`manage.py sandbox`: upstreams and the SMS gateway on this machine, without the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from providers.sandbox.command import add_arguments, run_sandbox


class Command(BaseCommand):
    """Serve the sandbox until SIGTERM or Ctrl-C."""

    help = "Run the sandbox: a small HTTP server that plays upstream providers and the SMS gateway."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same options as `python -m providers.sandbox`."""
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve; exit 1 after one line on stderr when the port or the state file cannot be used."""
        chosen = {name: options[name] for name in ("port", "state", "pace", "latency")}
        if run_sandbox(**chosen):
            raise SystemExit(1)
