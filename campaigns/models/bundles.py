"""Coins sold through an app store."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField


class Bundle(models.Model):
    """Coins under a SKU of the store; `free_coins` come on top."""

    bazaar_sku = models.CharField(_("SKU at the store"), max_length=64, unique=True)
    price = models.PositiveIntegerField(_("price in toman"))
    coins = models.PositiveIntegerField(_("coins"), validators=[MinValueValidator(1)])
    free_coins = models.PositiveIntegerField(_("free coins"), default=0)
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("bundle of coins")
        verbose_name_plural = _("bundles of coins")
        constraints = [models.CheckConstraint(condition=models.Q(coins__gte=1), name="bundle_coins")]

    def __str__(self):
        return self.bazaar_sku


class BundlePurchase(models.Model):
    """A purchase token of the store, known once whoever sends it: credited under `bundle:ID` and `bundle:ID:free`.

    The row is committed before the store is asked. `pending` with `next_ask_at` is asked about until the store says
    something clear; a credited one is consumed there afterwards, as often as that takes.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for the store")
        CREDITED = "credited", _("credited")
        REFUSED = "refused", _("refused by the store")
        EXPIRED = "expired", _("never confirmed")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bundle_purchases", verbose_name=_("customer")
    )
    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="purchases", verbose_name=_("bundle"))
    token = EncryptedTextField(_("purchase token"))
    digest = models.BinaryField(max_length=32, unique=True)
    coins = models.PositiveIntegerField(_("coins"))
    free_coins = models.PositiveIntegerField(_("free coins"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asks = models.PositiveIntegerField(_("times asked"), default=0)
    next_ask_at = models.DateTimeField(_("ask again at"), null=True, blank=True)
    consumed_at = models.DateTimeField(_("consumed"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("purchase of a bundle")
        verbose_name_plural = _("purchases of bundles")
        indexes = [
            models.Index(fields=["customer", "-id"], name="bundle_purchase_customer"),
            models.Index(
                fields=["next_ask_at"],
                name="bundle_purchase_due",
                condition=models.Q(next_ask_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.pk}: {self.state}"
