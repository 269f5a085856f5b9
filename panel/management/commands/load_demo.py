"""`manage.py load_demo`: customers, money, a catalogue and the sandbox as provider, for trying things out."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from panel.demo_data.catalogue import load_catalogue
from panel.demo_data.facts import describe_demo
from panel.demo_data.people import OPERATOR, load_people
from panel.demo_data.promotions import load_promotions
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
        with transaction.atomic():
            load_catalogue()
            load_people()
            load_upstreams()
            load_promotions()
        facts = describe_demo()
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _tell(facts))


def _tell(facts):
    """The facts that people want first, in lines."""
    who = [("admin", facts["admin"]["username"], facts["admin"]["password"])]
    who.append(("operator", OPERATOR.username, OPERATOR.password))
    who += [(name, facts[name]["mobile"], facts[name]["password"]) for name in ("customer", "other", "poor")]
    lines = [f"{role:<9} {login:<14} {password}" for role, login, password in who]
    services = ", ".join(f"{word} {pk}" for word, pk in facts["services"].items())
    key = facts["tokens"]["standard_key"]
    return "\n".join(
        [f"The demo is loaded: {facts['base_url']}", *lines, f"API key   {key}", f"services  {services}"]
    )
