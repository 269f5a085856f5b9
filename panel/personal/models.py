"""Wishes to be erased."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Erasure(models.Model):
    """A wish to be erased, carried out at `due_at` unless it is taken back before; at most one of a customer lives.

    `begun_at` is set with the end of all access; from then on it can't be taken back. `asked_by` is None where the
    customer asked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", pgettext_lazy("a job is", "running")
        DONE = "done", pgettext_lazy("a job is", "done")
        UNDONE = "undone", _("taken back")

    LIVE = (State.WAITING, State.RUNNING)

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasures", verbose_name=_("customer")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("asked by"),
    )
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Names nobody: it is kept.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("due"))
    created = models.DateTimeField(_("asked"), db_default=Now())
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        default_permissions = ("view",)
        permissions = [
            ("erase_customer", "Can have a customer erased"),
            ("export_customer", "Can export a customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="erasure_one_alive",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="erasure_due",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]

    def __str__(self):
        return f"{self.customer}: {self.get_state_display()}"
