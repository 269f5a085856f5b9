"""What the house gives away: its rules, what was given to whom, referrals and price levels."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Service


class RewardRules(models.Model):
    """The one row of rules (id 1). Amounts are toman; a limit of 0 switches that reward off."""

    free_credit_min = models.PositiveIntegerField(_("free credit: least toman"), default=50)
    free_credit_max = models.PositiveIntegerField(_("free credit: most toman"), default=150)
    free_credit_wait = models.PositiveIntegerField(_("free credit: seconds between two"), default=120)
    free_credit_monthly = models.PositiveIntegerField(_("free credit: asks a month"), default=0)
    wheel_monthly = models.PositiveIntegerField(_("wheel of fortune: gifts a month"), default=0)
    wheel_wait_hours = models.PositiveIntegerField(_("wheel of fortune: hours between two"), default=24)
    gift_hours = models.PositiveIntegerField(_("gifts: hours until they expire"), default=24)
    daily_cap = models.PositiveBigIntegerField(
        _("most toman the house gives away a day"),
        default=0,
        help_text=_("Free credit, and gifts by the price of their service."),
    )
    referral_percent = models.PositiveSmallIntegerField(
        _("referrals: percent of a payment"), default=0, validators=[MaxValueValidator(100)]
    )
    referral_payments = models.PositiveIntegerField(_("referrals: first payments that count"), default=0)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("rules of rewards")
        verbose_name_plural = _("rules of rewards")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="reward_rules_one_row"),
            models.CheckConstraint(
                condition=models.Q(free_credit_min__gte=1, free_credit_max__gte=models.F("free_credit_min")),
                name="reward_rules_free_credit",
            ),
            models.CheckConstraint(
                condition=models.Q(referral_percent__lte=100), name="reward_rules_referral_percent"
            ),
        ]

    def __str__(self):
        return str(_("rules of rewards"))


class RewardDay(models.Model):
    """What the house gave away on a day (Tehran), in toman: raised by a conditional update, never above the cap."""

    day = models.DateField(primary_key=True)
    given = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("reward day")
        verbose_name_plural = _("reward days")

    def __str__(self):
        return f"{self.day}: {self.given}"


class FreeCredit(models.Model):
    """Free credit given once; its transfer has the key `free-credit:ID`."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    amount = models.PositiveIntegerField(_("toman"))
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("free credit")
        verbose_name_plural = _("free credits")
        indexes = [models.Index(fields=["customer", "-created"], name="free_credit_customer")]

    def __str__(self):
        return f"{self.customer_id}: {self.amount}"


class Gift(models.Model):
    """A field of the wheel: `min` to `max` units of a service, won with `weight` out of the sum of all weights."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="gifts", verbose_name=_("service"))
    min = models.PositiveIntegerField(_("least units"), validators=[MinValueValidator(1)])
    max = models.PositiveIntegerField(_("most units"))
    weight = models.PositiveIntegerField(
        _("weight"), default=1, help_text=_("0: never won; customers see the odds that follow.")
    )
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min__gte=1, max__gte=models.F("min")), name="gift_min_max"
            )
        ]

    def __str__(self):
        return f"{self.pk}: {self.min}–{self.max} × {self.service_id}"


class GiftGrant(models.Model):
    """A gift that a customer won: used once, with a link, until it expires."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="gift_grants", verbose_name=_("customer")
    )
    gift = models.ForeignKey(Gift, models.PROTECT, related_name="grants", verbose_name=_("gift"))
    quantity = models.PositiveIntegerField(_("units"))
    link = models.CharField(_("link"), max_length=2000, null=True, blank=True)  # noqa: DJ001 - null in panel-app
    order = models.OneToOneField(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="gift_grant",
        verbose_name=_("order"),
    )
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("gift won")
        verbose_name_plural = _("gifts won")
        indexes = [models.Index(fields=["customer", "-created"], name="gift_grant_customer")]

    def __str__(self):
        return f"{self.customer_id}: {self.quantity} × {self.gift_id}"


class ReferralCode(models.Model):
    """The code in a customer's referral link."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="referral_code",
        verbose_name=_("customer"),
    )
    code = models.CharField(_("code"), max_length=16, unique=True)

    class Meta:
        verbose_name = _("referral code")
        verbose_name_plural = _("referral codes")

    def __str__(self):
        return self.code


class Referral(models.Model):
    """Who brought whom, written when that one signs up and never changed."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="referral",
        verbose_name=_("customer"),
    )
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="referrals", verbose_name=_("referrer")
    )
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(customer=models.F("referrer")), name="referral_of_another"
            )
        ]

    def __str__(self):
        return f"{self.referrer_id} → {self.customer_id}"


class ReferralReward(models.Model):
    """A share of one payment given to the referrer; its transfer has the key `referral:payment:ID`."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="rewards", verbose_name=_("referral"))
    payment = models.OneToOneField(
        "wallet.Payment", models.PROTECT, related_name="referral_reward", verbose_name=_("payment")
    )
    amount = models.PositiveBigIntegerField(_("toman"))
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("referral share")
        verbose_name_plural = _("referral shares")

    def __str__(self):
        return f"{self.payment_id}: {self.amount}"


class PriceLevel(models.Model):
    """Customers who have spent so much have this discount, where their own is not larger."""

    name = models.CharField(_("name"), max_length=64)
    spent_from = models.PositiveBigIntegerField(_("from toman spent"), unique=True)
    discount = models.PositiveSmallIntegerField(_("discount in percent"), validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = _("price level")
        verbose_name_plural = _("price levels")
        ordering = ["spent_from"]
        constraints = [
            models.CheckConstraint(condition=models.Q(discount__lte=100), name="price_level_discount")
        ]

    def __str__(self):
        return self.name
