"""Payments through a bank's gateway, what is given on top of them, and coupon codes. Amounts are whole toman."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _


class Coupon(models.Model):
    """A code that gives toman at once, or adds to a payment; used within its limits and never beyond."""

    class Kind(models.TextChoices):
        CREDIT = "credit", _("credit at once")
        PERCENT = "percent", _("percent of a payment")
        FIXED = "fixed", _("toman on top of a payment")

    code = models.CharField(_("code"), max_length=32, help_text=_("Upper and lower case are the same."))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PERCENT)
    value = models.PositiveBigIntegerField(_("percent or toman"), validators=[MinValueValidator(1)])
    max_bonus = models.PositiveBigIntegerField(
        _("most toman a use gives"), null=True, blank=True, help_text=_("For percentages.")
    )
    min_payment = models.PositiveBigIntegerField(_("smallest payment in toman"), default=0)
    uses_limit = models.PositiveIntegerField(
        _("uses in all"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    uses_per_customer = models.PositiveIntegerField(
        _("uses of one customer"), default=1, validators=[MinValueValidator(1)]
    )
    starts_at = models.DateTimeField(_("good from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("good until"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.UniqueConstraint(Upper("code"), name="coupon_code"),
            models.CheckConstraint(
                condition=models.Q(value__gte=1) & (~models.Q(kind="percent") | models.Q(value__lte=100)),
                name="coupon_value",
            ),
        ]

    def __str__(self):
        return self.code


class Payment(models.Model):
    """One try to pay `amount` toman through a gateway.

    Credited once, under the transfer key `payment:ID`, whatever comes twice. `pending` ones with `next_ask_at` are
    asked about at the bank until it says something clear; `canceled`, `failed` and `expired` are only what was
    last heard: a bank that later says "paid" is believed, for the verified amount alone.
    """

    class State(models.TextChoices):
        NEW = "new", _("being started")
        PENDING = "pending", _("waiting for the bank")
        PAID = "paid", _("paid")
        CANCELED = "canceled", _("canceled")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        MISMATCH = "mismatch", _("amounts differ")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="payments", verbose_name=_("customer")
    )
    gateway = models.CharField(_("gateway"), max_length=32)
    amount = models.PositiveBigIntegerField(_("amount in toman"))
    coupon = models.ForeignKey(
        Coupon, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coupon")
    )
    bonus = models.PositiveBigIntegerField(_("bonus in toman"), default=0, db_default=0)
    authority = models.CharField(_("authority"), max_length=64, null=True, blank=True)  # noqa: DJ001 - unique
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    channel = models.CharField(_("channel"), max_length=16, default="dashboard")
    reference = models.CharField(_("bank's reference"), max_length=64, blank=True)
    card = models.CharField(_("card"), max_length=32, blank=True, help_text=_("masked by the bank"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asks = models.PositiveSmallIntegerField(_("times asked"), default=0, db_default=0)
    next_ask_at = models.DateTimeField(_("next ask"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "authority"], name="payment_authority"),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="payment_amount"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="payment_customer"),
            models.Index(
                fields=["next_ask_at"], name="payment_ask", condition=models.Q(next_ask_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.pk}: {self.amount}"


class CouponUse(models.Model):
    """One use of a coupon, written with the money it gave."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="uses", verbose_name=_("coupon"))
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="coupon_use", verbose_name=_("payment")
    )
    amount = models.PositiveBigIntegerField(_("toman"))
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("use of a coupon")
        verbose_name_plural = _("uses of coupons")
        indexes = [models.Index(fields=["coupon", "customer"], name="coupon_use_customer")]

    def __str__(self):
        return f"{self.coupon_id} {self.customer_id}"


class BonusStep(models.Model):
    """Payments from `amount_from` toman on get so many percent on top; the highest step that fits counts."""

    amount_from = models.PositiveBigIntegerField(_("from toman"), unique=True)
    percent = models.PositiveSmallIntegerField(
        _("percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("bonus step")
        verbose_name_plural = _("bonus steps")
        ordering = ["amount_from"]
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__range=(1, 100)), name="bonus_step_percent")
        ]

    def __str__(self):
        return f"{self.amount_from}: {self.percent} %"
