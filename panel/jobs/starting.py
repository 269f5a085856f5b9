"""Starting jobs, canceling them, and reading the files they made."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from panel.jobs.kinds import find_job_kind
from panel.jobs.models import FilePart, Job
from panel.lib.wakeups import wake

RUN_TASK = "panel.jobs.tasks.run_jobs"
MAX_LIVE = 5  # of one person


class TooManyJobs(Exception):
    """The person has MAX_LIVE jobs that wait or run."""


def start_job(owner_id, kind, params, key):
    """The Job of that kind, made now or before by the same `key` (at most 64 characters) of the same person.

    A worker takes it up at once; inside a transaction, after its commit. Raises KeyError for an unknown kind, and
    TooManyJobs.
    """
    find_job_kind(kind)
    known = Job.objects.filter(owner_id=owner_id, key=key).first()
    if known is not None:
        return known
    if Job.objects.filter(owner_id=owner_id, state__in=Job.LIVE).count() >= MAX_LIVE:
        raise TooManyJobs
    try:
        with transaction.atomic():
            job = Job.objects.create(owner_id=owner_id, kind=kind, params=params, key=key)
    except IntegrityError:  # the same form at the same moment
        return Job.objects.get(owner_id=owner_id, key=key)
    wake(RUN_TASK)
    return job


def cancel_job(job):
    """End a job that waits or runs; what it has done stays done. False when it had ended before."""
    ended = {"state": Job.State.CANCELED, "lease_until": None, "ended_at": timezone.now()}
    found = Job.objects.filter(pk=job.pk, state__in=Job.LIVE).update(**ended)
    if found:
        FilePart.objects.filter(job=job).delete()
    return bool(found)


def read_file(job):
    """The file of a job that is done, a piece at a time."""
    numbers = FilePart.objects.filter(job=job).order_by("number").values_list("pk", flat=True)
    for pk in list(numbers):
        yield bytes(FilePart.objects.values_list("content", flat=True).get(pk=pk))
