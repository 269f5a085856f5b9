"""`manage.py demo`: the whole panel on this machine, with demo data, until Ctrl-C."""

import os

from django.core.management.base import BaseCommand, CommandError

from panel.demo.run import run_demo
from panel.demo.surroundings import DemoError, read_port
from panel.engines import EngineError


class Command(BaseCommand):
    help = "Run the panel with demo data, a sandbox upstream and SMS gateway, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="port of the panel")

    def handle(self, *, port, **options):
        try:
            run_demo(read_port(port))
        except (DemoError, EngineError) as error:
            raise CommandError(str(error)) from error
