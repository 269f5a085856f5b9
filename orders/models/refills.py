"""Refills: what dropped after an order's end is delivered again, free of charge."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order


class Refill(models.Model):
    """One wish to refill an ended order. Asking an upstream twice does no harm, so an unclear call is made again."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETED = "completed", _("completed")
        REJECTED = "rejected", _("rejected")
        ERROR = "error", _("error")

    OPEN = (Status.PENDING, Status.IN_PROGRESS)

    order = models.ForeignKey(Order, models.PROTECT, related_name="refills", verbose_name=_("order"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PENDING)
    upstream_id = models.CharField(_("upstream refill"), max_length=64, blank=True)
    sent_at = models.DateTimeField(_("taken upstream"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # When an upstream is asked next (to take it, or how far it is); moved ahead while one asks. None: ended.
    next_ask_at = models.DateTimeField(_("next ask"), null=True, blank=True, db_default=Now())
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("refill")
        verbose_name_plural = _("refills")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(status__in=["pending", "in_progress"]),
                name="refill_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"], name="refill_due", condition=models.Q(next_ask_at__isnull=False)
            )
        ]

    def __str__(self):
        return f"{self.pk} → #{self.order_id}"
