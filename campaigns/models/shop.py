"""What coins buy: products, and the codes in stock."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField


class Product(models.Model):
    """Something sold for coins; each sale hands out one code of its stock."""

    title = models.CharField(_("title"), max_length=120)
    product_type = models.CharField(_("type"), max_length=64, default="mobiletopup")
    price = models.PositiveIntegerField(_("price in coins"), validators=[MinValueValidator(1)])
    description = models.TextField(_("description"), blank=True)
    active = models.BooleanField(_("active"), default=True)
    low_stock = models.PositiveIntegerField(
        _("low stock"), default=5, help_text=_("Staff are told once when fewer codes than this are left.")
    )
    low_stock_told_at = models.DateTimeField(_("told of low stock"), null=True, blank=True, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=1), name="product_price")]

    def __str__(self):
        return self.title


class ProductCode(models.Model):
    """One code, encrypted at rest, sold once: transfer `product-code:ID`.

    The buyer sees it in the answer to the purchase, and once more in the dashboard.
    """

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="codes", db_index=False, verbose_name=_("product")
    )
    code = EncryptedTextField(_("code"))
    digest = models.BinaryField(
        max_length=32
    )  # keyed (campaigns/stock.py): finds a code that is there already
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="product_codes",
        db_index=False,
        verbose_name=_("buyer"),
    )
    price = models.PositiveIntegerField(_("paid in coins"), null=True, blank=True)
    sold_at = models.DateTimeField(_("sold"), null=True, blank=True)
    shown_again_at = models.DateTimeField(_("shown once more"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.UniqueConstraint(fields=["product", "digest"], name="product_code_once"),
            models.CheckConstraint(
                condition=models.Q(buyer=None, price=None, sold_at=None)
                | models.Q(buyer__isnull=False, price__isnull=False, sold_at__isnull=False),
                name="product_code_sold_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "id"], name="product_code_stock", condition=models.Q(buyer=None)),
            models.Index(
                fields=["buyer", "-sold_at"],
                name="product_code_buyer",
                condition=models.Q(buyer__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)
