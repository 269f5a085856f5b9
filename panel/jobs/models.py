"""Jobs and the files they made. Files are kept in the database: every web process can hand them out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Job(models.Model):
    """One piece of long work of one person. `params` say what to do, `result` what came of it.

    `checkpoint` is where the next run goes on when the worker of this one dies; `run` counts runs, and only the
    newest may write.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", pgettext_lazy("a job is", "running")
        DONE = "done", pgettext_lazy("a job is", "done")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("canceled")

    LIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=32)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="jobs", verbose_name=_("owner")
    )
    key = models.CharField(_("key"), max_length=64)
    params = models.JSONField(_("what to do"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    total = models.BigIntegerField(_("steps in all"), null=True, blank=True)
    done = models.BigIntegerField(_("steps done"), default=0)
    checkpoint = models.JSONField(null=True, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    file_name = models.CharField(_("file"), max_length=100, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    file_bytes = models.BigIntegerField(_("bytes of the file"), default=0)
    run = models.PositiveIntegerField(_("runs"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="job_once")]
        indexes = [
            models.Index(fields=["owner", "-created"], name="job_owner"),
            models.Index(
                fields=["created"], name="job_live", condition=models.Q(state__in=["queued", "running"])
            ),
            models.Index(fields=["ended_at"], name="job_ended", condition=models.Q(ended_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def is_live(self):
        """Whether it waits or runs."""
        return self.state in self.LIVE

    @property
    def percent(self):
        """How much is done, from 0 to 100; None where nobody knows how much there is."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else None


class FilePart(models.Model):
    """A piece of the file that a job made."""

    job = models.ForeignKey(Job, models.CASCADE, db_index=False, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="job_part_once")]

    def __str__(self):
        return f"{self.job_id} {self.number}"
