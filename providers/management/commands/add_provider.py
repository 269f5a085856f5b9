"""`manage.py add_provider`: set an upstream up from a script, as the admin does by hand."""

import os
import sys
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Min

from orders.models import Service
from providers.adapters import ADAPTERS
from providers.adapters.base import AdapterError
from providers.balances import read_provider_balance
from providers.models import Provider, Route

FIRST_PRIORITY = 10
COLUMNS = ("dialect", "url", "username", "password", "currency", "rate", "calls_per_second")


class Command(BaseCommand):
    """Add a provider or change the one of that name, route services to it, and read its balance."""

    help = "Set a provider up, put its routes first, and print what its balance call answers."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--dialect", choices=sorted(ADAPTERS), help="standard for a new provider")
        parser.add_argument("--url", help="needed for a new provider, unless it is a part of this panel")
        parser.add_argument(
            "--key", help="- reads it from stdin; the environment's PROVIDER_KEY is used without"
        )
        parser.add_argument("--username")
        parser.add_argument("--password")
        parser.add_argument("--currency")
        parser.add_argument("--rate", type=_read_rate, help="toman for one unit of its currency")
        parser.add_argument("--calls-per-second", type=int, help="0: no limit")
        parser.add_argument("--honours-idempotency-key", action="store_true", default=None)
        parser.add_argument(
            "--route",
            dest="routes",
            action="extend",
            nargs="+",
            type=_read_route,
            default=[],
            metavar="SERVICE_ID=UPSTREAM_ID",
            help="becomes that service's first route",
        )

    def handle(self, *args, name, routes, **options):
        """Store, then call. Raises CommandError: nothing stored for bad input, all kept for a silent upstream."""
        columns = {column: options[column] for column in COLUMNS if options[column] is not None}
        if options["honours_idempotency_key"]:
            columns["honours_idempotency_key"] = True
        if key := _read_key(options["key"]):
            columns["key"] = key
        with transaction.atomic():
            provider = _save_provider(name, columns)
            for service_id, upstream_service in routes:
                put_route_first(provider, service_id, upstream_service)
        self.stdout.write(f"provider {provider.pk} “{name}” is stored, with {len(routes)} routes put first")
        if not provider.active or provider.paused_at:
            self.stderr.write(f"“{name}” is paused: resume it in the admin before orders go there")
        self._tell_balance(provider)

    def _tell_balance(self, provider):
        try:
            balance = read_provider_balance(provider.pk)
        except AdapterError as error:
            raise CommandError(
                f"“{provider.name}” is stored, but its balance call failed: {error.reason}"
            ) from error
        self.stdout.write(f"balance {balance.amount} {balance.currency or provider.currency}")


def _read_rate(text):
    try:
        rate = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not rate.is_finite() or rate <= 0:
        raise ValueError("not above 0")
    return rate


def _read_route(text):
    service_id, _, upstream_service = text.partition("=")
    if not upstream_service:
        raise ValueError("not SERVICE_ID=UPSTREAM_ID")
    return int(service_id), upstream_service


def _read_key(given):
    """The key as given, from stdin for `-`, else from the environment; never a prompt, so scripts don't hang."""
    if given == "-":
        return sys.stdin.readline().strip()
    return given or os.environ.get("PROVIDER_KEY", "")


def _save_provider(name, columns):
    provider = Provider.objects.select_for_update().filter(name=name).first() or Provider(name=name)
    for column, value in columns.items():
        setattr(provider, column, value)
    adapter = ADAPTERS.get(provider.dialect)
    if adapter is not None and adapter.own_address:
        provider.url = adapter.own_address
    else:
        _check_access(provider)
    _save_checked(provider)
    return provider


def _check_access(provider):
    """Raises CommandError for a provider that can't be called."""
    address = urlsplit(provider.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise CommandError("--url has to be an http or https address")
    if not provider.key and not provider.password:
        raise CommandError("--key is missing (or PROVIDER_KEY in the environment)")


def _save_checked(row):
    """Save what its columns can hold. Raises CommandError with the model's own words otherwise."""
    try:
        row.full_clean()
    except ValidationError as error:
        faults = [f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()]
        raise CommandError("; ".join(faults)) from error
    row.save()


def put_route_first(provider, service_id, upstream_service):
    """Make this the route that orders of the service try first. Raises CommandError for an unknown service."""
    if not Service.objects.filter(pk=service_id).exists():
        raise CommandError(f"there is no service {service_id}")
    same = {"service_id": service_id, "provider": provider, "upstream_service": upstream_service}
    route = Route.objects.filter(**same).first() or Route(**same)
    others = Route.objects.filter(service_id=service_id).exclude(pk=route.pk)
    lowest = others.aggregate(lowest=Min("priority"))["lowest"]
    route.priority = FIRST_PRIORITY if lowest is None else lowest - 1
    route.active = True
    _save_checked(route)
