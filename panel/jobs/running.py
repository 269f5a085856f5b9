"""Running jobs: one process claims a job for a while, and only who holds it may write.

If a worker dies, the lease runs out and another takes the job up at its checkpoint. A step that changes something
is committed together with its checkpoint, so no step is done twice and none is left out.
"""

import logging
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from panel.jobs.kinds import find_job_kind
from panel.jobs.models import FilePart, Job

log = logging.getLogger(__name__)
MAX_RUNS = 5
PART_BYTES = 1 << 20
TELL_SECONDS = 0.5
KEEP = timedelta(days=7)
_LOCK = 0x10B5  # of `_claim`, for the whole database


class JobLost(Exception):
    """The job was canceled, or another process took it over."""


class JobFailed(Exception):
    """It can't be done; the words are for its owner and in their language."""


class Run:
    """One run of a job, for its kind's `work`. Every method raises JobLost when the job is no longer this run's."""

    def __init__(self, job):
        self.job = job
        self.params = job.params
        self.checkpoint = job.checkpoint
        self._told_at = 0.0
        self._buffer = bytearray()
        self._part = FilePart.objects.filter(job=job).count() if job.checkpoint is not None else 0
        self._bytes = job.file_bytes if job.checkpoint is not None else 0

    def tell(self, done, total=None):
        """Show how far it is; written at most twice a second, and it keeps the lease."""
        if monotonic() - self._told_at < TELL_SECONDS:
            return
        self._told_at = monotonic()
        self._write(done=done, **({} if total is None else {"total": total}))

    @contextmanager
    def step(self, done, checkpoint, total=None):
        """A transaction for one step: what is done inside and the checkpoint (JSON) commit together."""
        with transaction.atomic():
            yield
            self._write(done=done, checkpoint=checkpoint, **({} if total is None else {"total": total}))
        self.checkpoint = checkpoint

    def write(self, content):
        """Add bytes to the job's file."""
        self._buffer += content
        while len(self._buffer) >= PART_BYTES:
            self._store(bytes(self._buffer[:PART_BYTES]))
            del self._buffer[:PART_BYTES]

    def finish(self, result=None, file_name="", media_type=""):
        """End it well."""
        if self._buffer:
            self._store(bytes(self._buffer))
            self._buffer.clear()
        ended = {"state": Job.State.DONE, "ended_at": timezone.now(), "lease_until": None}
        file = {"file_name": file_name, "media_type": media_type, "file_bytes": self._bytes}
        self._update(result=result, **ended, **file)

    def fail(self, words):
        """End it with words for its owner; a half-made file is thrown away."""
        ended = {"state": Job.State.FAILED, "ended_at": timezone.now(), "lease_until": None}
        with transaction.atomic():
            self._update(error=words[:300], **ended)
            FilePart.objects.filter(job=self.job).delete()

    def _store(self, content):
        with transaction.atomic():
            self._write(file_bytes=self._bytes + len(content))
            FilePart.objects.create(job=self.job, number=self._part, content=content)
        self._part += 1
        self._bytes += len(content)

    def _write(self, **values):
        self._update(lease_until=_lease_end(), **values)

    def _update(self, **values):
        mine = Job.objects.filter(pk=self.job.pk, run=self.job.run, state=Job.State.RUNNING)
        if not mine.update(**values):
            raise JobLost


def run_jobs():
    """Run what waits, one job after the other; returns how many were run."""
    count = 0
    while (job := _claim()) is not None:
        _run(job)
        count += 1
    return count


def purge_jobs():
    """Delete jobs that ended more than 7 days ago, with their files. Returns how many."""
    return Job.objects.filter(ended_at__lt=timezone.now() - KEEP).delete()[1].get("jobs.Job", 0)


def _lease_end():
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _claim():
    """The oldest job that waits, or whose worker died, of somebody who has none running; None for none.

    settings.JOBS_AT_ONCE run at a time, over all processes.
    """
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        live = list(Job.objects.filter(state__in=Job.LIVE).order_by("created").defer("result"))
        running = [job for job in live if job.state == Job.State.RUNNING and job.lease_until > now]
        if len(running) >= settings.JOBS_AT_ONCE:
            return None
        busy = {job.owner_id for job in running}
        job = next((job for job in live if job not in running and job.owner_id not in busy), None)
        if job is None:
            return None
        claimed = {"state": Job.State.RUNNING, "lease_until": _lease_end(), "run": F("run") + 1}
        if not Job.objects.filter(pk=job.pk, state=job.state).update(**claimed):
            return None  # canceled this moment
        if job.checkpoint is None:  # it begins anew
            FilePart.objects.filter(job=job).delete()
            Job.objects.filter(pk=job.pk).update(done=0, file_bytes=0)
    return Job.objects.select_related("owner").get(pk=job.pk)


def _run(job):
    run = Run(job)
    with translation.override(job.owner.language):
        try:
            if job.run > MAX_RUNS:
                raise JobFailed(translation.gettext("It was begun several times and never ended. Try again."))
            find_job_kind(job.kind).work(run)
        except JobLost:
            log.info("job %s is no longer ours", job.pk)
        except JobFailed as failed:
            _end_badly(run, str(failed))
        except Exception:  # whatever one job stumbles over must not stop the others
            log.exception("job %s (%s) failed", job.pk, job.kind)
            _end_badly(run, translation.gettext("It failed because of an error of ours. Try again later."))


def _end_badly(run, words):
    try:
        run.fail(words)
    except JobLost:
        log.info("job %s is no longer ours", run.job.pk)
