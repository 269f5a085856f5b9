"""Likes that were paid, and the counters that keep people to their pace."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign


class Like(models.Model):
    """A like paid once for each person and campaign: transfers `like:ID:user` and `like:ID:house`.

    Those in the sample have `recheck_at`; one found gone is taken back (`like:ID:back:…`) and never paid again.
    """

    class Check(models.TextChoices):
        NONE = "", _("not checked again")
        KEPT = "kept", _("still there")
        GONE = "gone", _("gone")
        BACK = "back", _("taken back")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="paid_likes", db_index=False, verbose_name=_("campaign")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="likes",
        db_index=False,
        verbose_name=_("customer"),
    )
    user_share = models.PositiveIntegerField(_("liker's share"))
    house_share = models.PositiveIntegerField(_("house's share"))
    created = models.DateTimeField(_("created"), db_default=Now())
    recheck_at = models.DateTimeField(_("check again at"), null=True, blank=True)
    check_state = models.CharField(
        _("checked again"), max_length=8, choices=Check, default=Check.NONE, db_default="", blank=True
    )

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [models.UniqueConstraint(fields=["customer", "campaign"], name="like_once")]
        indexes = [
            models.Index(fields=["campaign", "-id"], name="like_campaign"),
            models.Index(fields=["created"], name="like_created"),
            models.Index(
                fields=["check_state", "-id"], name="like_checked", condition=~models.Q(check_state="")
            ),
            models.Index(
                fields=["recheck_at"], name="like_recheck", condition=models.Q(recheck_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.customer_id} → {self.campaign_id}"


class Pace(models.Model):
    """When a person last liked in a class (all its versions), and how often on that day (UTC).

    The paying statement moves it on under its own lock, so no two likes of one person slip through together.
    """

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    line = models.CharField(max_length=32)
    last_at = models.DateTimeField()
    day = models.DateField()
    likes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("pace of likes")
        verbose_name_plural = _("paces of likes")
        constraints = [models.UniqueConstraint(fields=["customer", "line"], name="pace_once")]

    def __str__(self):
        return f"{self.customer_id} {self.line}"


class AddressDay(models.Model):
    """How many likes were paid to calls from one address on one day (UTC)."""

    address = models.CharField(max_length=64)
    day = models.DateField()
    likes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("likes of an address")
        verbose_name_plural = _("likes of addresses")
        constraints = [models.UniqueConstraint(fields=["address", "day"], name="address_day_once")]

    def __str__(self):
        return f"{self.address} {self.day}"
