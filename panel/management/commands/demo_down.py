"""`manage.py demo_down`: stop the demo of this checkout, also what a killed one left."""

from django.core.management.base import BaseCommand, CommandError

from panel.demo.pids import stop_demo
from panel.engines import FOLDER, EngineError


class Command(BaseCommand):
    help = "Stop the demo of this checkout, or what a killed demo left running."
    requires_system_checks = []

    def handle(self, **options):
        try:
            stopped = stop_demo(FOLDER)
        except PermissionError as error:
            raise CommandError(f"the demo belongs to another user: {error.strerror}") from error
        except EngineError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"stopped: {', '.join(stopped)}" if stopped else "no demo of this checkout runs")
