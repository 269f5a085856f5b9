"""What customers and operators are told in the panel."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Notification(models.Model):
    """One line for one person, in that person's language; made at most once for each `key`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=32)
    message = models.TextField(_("message"))
    key = models.CharField(_("key"), max_length=128, unique=True)
    order_id = models.BigIntegerField(_("order"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["customer", "-created"], name="notification_customer"),
            models.Index(fields=["customer"], name="notification_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self):
        return self.message[:60]
