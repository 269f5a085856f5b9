"""When the book was proved last, and how that came out."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class LedgerAudit(models.Model):
    """One run of `manage.py audit_ledger` that came to its end; 0 `drifts` means that the ledger adds up."""

    drifts = models.PositiveIntegerField(_("drifts"))
    seconds = models.FloatField(_("seconds"))
    ended_at = models.DateTimeField(_("ended"), db_default=Now())

    class Meta:
        verbose_name = _("audit of the ledger")
        verbose_name_plural = _("audits of the ledger")

    def __str__(self):
        return f"{self.ended_at}: {self.drifts}"
