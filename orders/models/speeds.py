"""How fast a service was on its last day, written by a beat task: nobody scans orders in a request."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import Service

ENOUGH = 5  # ended orders before a share of them says anything
GOOD_PERCENT = 80  # of them completed; with less a service is in trouble


class ServiceSpeed(models.Model):
    """What orders of a service did in the last 24 hours; one whose orders neither moved nor wait has no row."""

    service = models.OneToOneField(
        Service,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="speed",
        verbose_name=_("service"),
    )
    start_seconds = models.PositiveBigIntegerField(
        _("seconds to the start"), null=True, help_text=_("Average from placing, of orders that started.")
    )
    finish_seconds = models.PositiveBigIntegerField(
        _("seconds to the end"), null=True, help_text=_("Average from placing, of completed orders.")
    )
    started = models.PositiveIntegerField(_("started"))
    finished = models.PositiveIntegerField(_("finished"))
    failed = models.PositiveIntegerField(
        _("failed"), help_text=_("Refused, failed or cut short; not those that the customer canceled.")
    )
    waiting = models.PositiveIntegerField(
        _("waiting"), help_text=_("Orders that no provider took yet, although they are half an hour old.")
    )
    measured_at = models.DateTimeField(_("measured"))

    class Meta:
        verbose_name = _("service's speed")
        verbose_name_plural = _("services' speeds")

    def __str__(self):
        return f"{self.service_id}: {self.finish_seconds}"

    @property
    def finished_percent(self):
        """The share of ended orders that were completed, in whole percent rounded down; None where none ended."""
        ended = self.finished + self.failed
        return self.finished * 100 // ended if ended else None

    @property
    def many_fail(self):
        """Whether so few of enough ended orders were completed that customers should know."""
        ended = self.finished + self.failed
        return ended >= ENOUGH and self.finished * 100 < ended * GOOD_PERCENT
