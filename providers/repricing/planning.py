"""Making a change of many prices: choosing its services, and planning what each would cost."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from orders.models import Service
from panel.lib.update_many import update_many
from providers.models import PriceRun, PriceRunRow, Route
from providers.repricing.rules import PriceRule, cost_of, reprice
from providers.sync.following import find_pricing_route

CHUNK = 500
DRAFTS_KEPT = timedelta(days=1)


class RunMoved(Exception):
    """The change was planned anew or confirmed since the page was shown."""


def draft_run(owner_id, services):
    """A PriceRun of the `services` (a queryset), without a rule; drafts that were left a day ago go."""
    with transaction.atomic():
        old = timezone.now() - DRAFTS_KEPT
        PriceRun.objects.filter(state=PriceRun.State.DRAFT, created__lt=old).delete()
        run = PriceRun.objects.create(owner_id=owner_id)
        prices = services.order_by("pk").values_list("pk", "price").distinct()
        PriceRunRow.objects.bulk_create(
            (PriceRunRow(run=run, service_id=pk, old=price) for pk, price in prices), batch_size=1000
        )
    return run


def choose_services(*, category=None, kind=None, provider=None, only_active=False):
    """The services of that category, kind (of Service.Kind) and provider, each None for any."""
    rows = Service.objects.all()
    if category is not None:
        rows = rows.filter(category=category)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if provider is not None:
        rows = rows.filter(pk__in=Route.objects.filter(provider=provider).values("service"))
    return rows.filter(active=True) if only_active else rows


def plan_run(run_id, rule, reason, revision):
    """Compute every row of a draft anew from the prices and costs of now. Raises RunMoved.

    `revision` is the one on the page that asked for it. What is stored is what is shown, and what is applied.
    """
    with transaction.atomic():
        run = lock_run(run_id, PriceRun.State.DRAFT, revision)
        for name in PriceRule.__slots__:
            setattr(run, name, getattr(rule, name))
        run.reason, run.revision = reason, run.revision + 1
        run.save()
        last = 0
        while rows := list(run.rows.filter(service__gt=last).order_by("service")[:CHUNK]):
            _plan_rows(rule, rows)
            last = rows[-1].service_id
    return run


def lock_run(run_id, state, revision):
    """The PriceRun, locked, if it is in that state and as it was shown. Raises RunMoved."""
    run = PriceRun.objects.select_for_update().get(pk=run_id)
    if (run.state, run.revision) != (state, revision):
        raise RunMoved
    return run


def _plan_rows(rule, rows):
    ids = [row.service_id for row in rows]
    services = Service.objects.only("price", "route_choice").in_bulk(ids)
    routes = Route.objects.filter(service__in=ids).select_related("provider").order_by("priority", "id")
    routes_of = {}
    for route in routes.defer("provider__key", "provider__password"):
        routes_of.setdefault(route.service_id, []).append(route)
    for row in rows:
        service = services[row.service_id]
        route = find_pricing_route(service, routes_of.get(service.pk, []))
        row.old, row.cost = service.price, cost_of(route)
        row.new = reprice(rule, service.price, route)
    update_many(rows, ["old", "new", "cost"])


WARNINGS = {
    "below_cost": models.Q(new__lt=models.F("cost")),
    "free": models.Q(new=0),
    "doubled": models.Q(new__gt=2 * models.F("old")),
    "unknown": models.Q(new=None),
}
CHANGES = models.Q(new__isnull=False) & ~models.Q(new=models.F("old"))


def count_rows(run):
    """`{name: number}` of the run's rows: in `all`, which `change`, with each of WARNINGS, and by outcome."""
    outcomes = {name: models.Q(outcome=name) for name in ("applied", "passed", "undone", "kept")}
    named = {"change": CHANGES, **WARNINGS, **outcomes}
    counts = {name: models.Count("pk", filter=condition) for name, condition in named.items()}
    return run.rows.aggregate(all=models.Count("pk"), **counts)


def warnings_of(row):
    """The names of WARNINGS that hold for a planned row."""
    if row.new is None:
        return ["unknown"]
    found = {
        "below_cost": row.cost is not None and row.new < row.cost,
        "free": row.new == 0,
        "doubled": row.new > 2 * row.old,
    }
    return [name for name, holds in found.items() if holds]
