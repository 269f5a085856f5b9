"""Applying a planned change of many prices, and undoing it: jobs, in steps that commit with their checkpoint.

A service whose price is no longer the one that was looked at is left alone and told, when applied as when undone.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from orders.catalogue_changes import ServiceChange, change_services, lock_services
from panel.jobs.models import Job
from panel.jobs.starting import start_job
from panel.lib.update_many import update_many
from providers.models import PriceRun, PriceRunRow
from providers.repricing.planning import CHANGES, RunMoved, lock_run

APPLY, UNDO = "prices_apply", "prices_undo"  # kinds of jobs
STEP = 500
UNDO_WITHIN = timedelta(hours=24)
Outcome, State = PriceRunRow.Outcome, PriceRun.State


class TooLate(Exception):
    """It can't be undone: it was never confirmed, is undone, is still at work, or a day has passed."""


def confirm_run(run_id, revision):
    """Start applying what was planned; returns the Job. Raises RunMoved, and TooManyJobs of panel.jobs."""
    with transaction.atomic():
        run = lock_run(run_id, State.DRAFT, revision)
        if not run.method:
            raise RunMoved
        run.confirmed_at = timezone.now()
        return _start(run, State.STARTED, APPLY)


def undo_run(run_id, revision):
    """Start putting the old prices back; returns the Job. Raises RunMoved, TooLate, TooManyJobs.

    Also what a canceled or failed job left half done, and again where undoing itself was left half done.
    """
    with transaction.atomic():
        run = PriceRun.objects.select_for_update().get(pk=run_id)
        if run.revision != revision:
            raise RunMoved
        if not can_undo(run):
            raise TooLate
        return _start(run, State.UNDOING, UNDO)


def can_undo(run):
    """Whether undo_run would start."""
    if run.state in (State.DRAFT, State.UNDONE) or timezone.now() - run.confirmed_at > UNDO_WITHIN:
        return False
    return not Job.objects.filter(pk=run.job, state__in=Job.LIVE).exists()


def _start(run, state, kind):
    run.state, run.revision = state, run.revision + 1
    job = start_job(run.owner_id, kind, {"run": run.pk}, f"{kind}:{run.pk}:{run.revision}")
    run.job = job.pk
    run.save()
    return job


def apply_prices(run):
    """The work of a job of kind APPLY."""
    _walk(run, CHANGES, _apply_rows, State.APPLIED)


def undo_prices(run):
    """The work of a job of kind UNDO."""
    _walk(run, Q(outcome=Outcome.APPLIED), _undo_rows, State.UNDONE)


def _walk(run, wanted, act, state):
    """Act on the rows in the order of their services, STEP at a time, and tell what came of them."""
    price_run = PriceRun.objects.get(pk=run.params["run"])
    rows = price_run.rows.filter(wanted).order_by("service").values_list("service", flat=True)
    place = run.checkpoint or {"last": 0, "done": 0, "total": rows.count(), "changed": 0}
    while ids := list(rows.filter(service__gt=place["last"])[:STEP]):
        place = place | {"last": ids[-1], "done": place["done"] + len(ids)}
        with run.step(place["done"], place, total=place["total"]):
            place["changed"] += act(price_run, ids)
    with run.step(place["done"], place, total=place["total"]):
        PriceRun.objects.filter(pk=price_run.pk).update(state=state, revision=F("revision") + 1)
    run.finish({"changed": place["changed"], "passed": place["done"] - place["changed"]})


def _apply_rows(run, ids):
    return _reprice(run, ids, ("old", "new"), "bulk", (Outcome.APPLIED, Outcome.PASSED))


def _undo_rows(run, ids):
    return _reprice(run, ids, ("new", "old"), "bulk_undone", (Outcome.UNDONE, Outcome.KEPT))


def _reprice(run, ids, way, reason, outcomes):
    """Give the services the price `way[1]` of their rows if they have `way[0]`; returns how many."""
    seen, wanted = way
    services = lock_services(ids)
    rows = list(PriceRunRow.objects.filter(run=run, service__in=ids))
    changes = []
    for row in rows:
        service = services[row.service_id]
        fits = service.price == getattr(row, seen)
        row.outcome = outcomes[0] if fits else outcomes[1]
        if fits:
            changes.append(ServiceChange(service, {"price": getattr(row, wanted)}, reason))
    change_services(changes)
    update_many(rows, ["outcome"])
    return len(changes)
