"""`manage.py sandbox_sms MOBILE`: the text of the last SMS the sandbox got for a number."""

import json
import os
from argparse import ArgumentParser
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.management.base import BaseCommand, CommandError

TIMEOUT_SECONDS = 10


class Command(BaseCommand):
    """Ask a running sandbox (`SANDBOX_URL`, or 127.0.0.1:8899) and print the text alone."""

    help = "Print the text of the last SMS the sandbox got for a mobile number."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One number in any usual spelling."""
        parser.add_argument("mobile")

    def handle(self, *args: Any, mobile: str, **options: Any) -> None:
        """Print the text; exit 1 with a line on stderr when there is none or no sandbox answers."""
        messages = read_messages(os.environ.get("SANDBOX_URL", "http://127.0.0.1:8899"), mobile)
        if not messages:
            raise CommandError(f"no SMS to {mobile}")
        self.stdout.write(messages[0]["message"])


def read_messages(url: str, mobile: str) -> list[dict[str, Any]]:
    """The messages to one mobile, newest first. Raises CommandError when the sandbox does not answer."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"{address.path.rstrip('/')}/control/sms?{urlencode({'mobile': mobile})}")
        return json.loads(connection.getresponse().read())["messages"]
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise CommandError(f"no sandbox answers at {url}: {error}") from error
    finally:
        connection.close()
