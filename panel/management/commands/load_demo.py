"""`manage.py load_demo`: customers, money, a catalogue and the sandbox as provider, for trying things out."""

import json
import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from panel import engines
from panel.demo.pids import find_running
from panel.demo_data.catalogue import load_catalogue
from panel.demo_data.exchange import load_exchange
from panel.demo_data.facts import describe_demo
from panel.demo_data.people import OPERATOR, ROLE_PEOPLE, load_people
from panel.demo_data.promotions import load_promotions
from panel.demo_data.texting import load_texting
from panel.demo_data.upstreams import load_upstreams


class Command(BaseCommand):
    """Load the demo; again and again does no harm."""

    help = "Load the demo data (DEBUG only). Safe to repeat: nothing is given twice and nothing is lost."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print all facts as one JSON object")

    def handle(self, *args, **options):
        """Load and tell. Raises CommandError outside DEBUG: the demo's passwords are known to everybody."""
        if not settings.DEBUG:
            raise CommandError("load_demo runs only with DEBUG on: everybody knows the demo's passwords.")
        base_url, sandbox_url = _find_addresses()
        with transaction.atomic():
            load_catalogue()
            load_people()
            load_upstreams(sandbox_url)
            load_promotions()
            load_texting()
            load_exchange()
        facts = describe_demo(base_url, sandbox_url)
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _tell(facts))


def _find_addresses():
    """The addresses of the panel and of the sandbox: a running demo's, unless the environment names some.

    Its ports are chosen at its start, and providers sent to another sandbox would get nothing any more.
    """
    running = None if "SANDBOX_URL" in os.environ else find_running(engines.FOLDER)
    return (running.url, running.sandbox_url) if running else (settings.BASE_URL, settings.SANDBOX_URL)


def _tell(facts):
    """The facts that people want first, in lines."""
    who = [("admin", facts["admin"]["username"], facts["admin"]["password"])]
    who += [(one.username, one.username, one.password) for one in (OPERATOR, *ROLE_PEOPLE)]
    who += [(name, facts[name]["mobile"], facts[name]["password"]) for name in ("customer", "other", "poor")]
    lines = [f"{role:<9} {login:<14} {password}" for role, login, password in who]
    services = ", ".join(f"{word} {pk}" for word, pk in facts["services"].items())
    key = facts["tokens"]["standard_key"]
    return "\n".join(
        [f"The demo is loaded: {facts['base_url']}", *lines, f"API key   {key}", f"services  {services}"]
    )
