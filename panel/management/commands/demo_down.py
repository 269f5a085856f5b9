"""`manage.py demo_down`: stop the demo of this checkout, also what a killed one left."""

from django.core.management.base import BaseCommand

from panel.demo.pids import stop_demo
from panel.engines import FOLDER


class Command(BaseCommand):
    help = "Stop the demo of this checkout, or what a killed demo left running."
    requires_system_checks = []

    def handle(self, **options):
        stopped = stop_demo(FOLDER)
        self.stdout.write(f"stopped: {', '.join(stopped)}" if stopped else "no demo of this checkout runs")
