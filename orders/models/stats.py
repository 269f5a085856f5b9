"""Sums by day of what customers ordered, written by a beat task: nobody scans orders in a request."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import Service


class CustomerDay(models.Model):
    """What a customer ordered on a day (UTC): orders placed, and toman charged less toman refunded that day."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("customer"),
    )
    day = models.DateField(_("day"))
    orders = models.PositiveIntegerField(_("orders"))
    amount = models.BigIntegerField(_("toman spent"))

    class Meta:
        verbose_name = _("customer's day")
        verbose_name_plural = _("customers' days")
        constraints = [models.UniqueConstraint(fields=["customer", "day"], name="customer_day_once")]
        indexes = [models.Index(fields=["day"], name="customer_day_day")]

    def __str__(self):
        return f"{self.customer_id} {self.day}"


class CustomerTotal(models.Model):
    """All days of a customer together."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="order_total",
        verbose_name=_("customer"),
    )
    orders = models.PositiveBigIntegerField(_("orders"))
    amount = models.BigIntegerField(_("toman spent"))

    class Meta:
        verbose_name = _("customer's total")
        verbose_name_plural = _("customers' totals")
        indexes = [models.Index(fields=["-amount", "customer"], name="customer_total_amount")]

    def __str__(self):
        return f"{self.customer_id}: {self.amount}"


class ServiceDay(models.Model):
    """How many orders of a service were placed on a day (UTC)."""

    service = models.ForeignKey(
        Service,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("service"),
    )
    day = models.DateField(_("day"))
    orders = models.PositiveIntegerField(_("orders"))

    class Meta:
        verbose_name = _("service's day")
        verbose_name_plural = _("services' days")
        constraints = [models.UniqueConstraint(fields=["service", "day"], name="service_day_once")]
        indexes = [models.Index(fields=["day"], name="service_day_day")]

    def __str__(self):
        return f"{self.service_id} {self.day}"


class ServiceTotal(models.Model):
    """All days of a service together."""

    service = models.OneToOneField(
        Service,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="order_total",
        verbose_name=_("service"),
    )
    orders = models.PositiveBigIntegerField(_("orders"))

    class Meta:
        verbose_name = _("service's total")
        verbose_name_plural = _("services' totals")
        indexes = [models.Index(fields=["-orders", "service"], name="service_total_orders")]

    def __str__(self):
        return f"{self.service_id}: {self.orders}"
