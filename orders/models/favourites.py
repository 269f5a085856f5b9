"""Which services a customer wants at hand."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import Service


class FavouriteService(models.Model):
    """A service that a customer put a star on."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="favourites",
        verbose_name=_("customer"),
    )
    service = models.ForeignKey(
        Service, models.CASCADE, db_index=False, related_name="+", verbose_name=_("service")
    )
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("favourite service")
        verbose_name_plural = _("favourite services")
        constraints = [models.UniqueConstraint(fields=["customer", "service"], name="favourite_service_once")]

    def __str__(self):
        return f"{self.customer_id}: {self.service_id}"
