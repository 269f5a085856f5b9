"""Campaigns, the pictures they show, and who reported them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now, Random
from django.utils.translation import gettext_lazy as _

from campaigns.models.classes import CampaignClass
from panel.wallet.models import Account


class Cover(models.Model):
    """A picture as it is served, under its digest: pictures never change, so browsers may keep them.

    In the database, because web processes share no disk; a picture is at most settings.COVER_BYTES.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=32)
    content = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cover picture")
        verbose_name_plural = _("cover pictures")

    def __str__(self):
        return self.digest[:12]


class Campaign(models.Model):
    """Somebody's wish for likes, paid out of its `budget` account, one `campaign_value` a like.

    pending (waits for a person's review) → available (shown) → ended (spent or stopped). A review may reject it, a
    target that is gone makes it unavailable. `likes_left` is what the budget still pays for; `source` is the account
    the budget came from, and what is left at the end goes back there.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for review")
        AVAILABLE = "available", _("shown")
        REJECTED = "rejected", _("rejected")
        ENDED = "ended", _("ended")
        UNAVAILABLE = "unavailable", _("picture gone")

    CLOSED = (State.REJECTED, State.ENDED, State.UNAVAILABLE)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="campaigns", verbose_name=_("owner")
    )
    campaign_class = models.ForeignKey(
        CampaignClass, models.PROTECT, related_name="campaigns", verbose_name=_("class")
    )
    target_url = models.CharField(_("target"), max_length=200)
    target_code = models.CharField(_("target's code"), max_length=64)
    target_id = models.CharField(_("target's id there"), max_length=64, blank=True)
    description = models.TextField(_("description"), blank=True)
    phone = models.CharField(_("phone number"), max_length=32, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    budget = models.PositiveBigIntegerField(_("budget"))
    account = models.OneToOneField(
        Account, models.PROTECT, related_name="campaign", verbose_name=_("budget's account")
    )
    source = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("paid from"))
    state = models.CharField(_("status"), max_length=12, choices=State, default=State.PENDING)
    likes = models.PositiveIntegerField(_("likes"), default=0)
    likes_left = models.PositiveBigIntegerField(_("likes the budget still pays"))
    stopped = models.BooleanField(
        _("stopped early"), default=False, help_text=_("Ended before its budget was spent.")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    order_key = models.CharField(_("order's key"), max_length=64, null=True, blank=True, unique=True)
    cover = models.ForeignKey(
        Cover, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    # When to look for the picture (again); NULL once it is there or was given up.
    look_at = models.DateTimeField(_("look for the picture at"), null=True, blank=True, db_default=Now())
    looks = models.PositiveSmallIntegerField(_("looks for the picture"), default=0)
    # Set until what is left of a closed campaign's budget went back.
    rest_due = models.BooleanField(_("rest to be given back"), default=False)
    # Rotation (campaigns/showing.py): the one shown longest ago is next; `place` is where a search starts at random.
    turn = models.BigIntegerField(default=0, db_default=0)
    place = models.FloatField(db_default=Random())
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(condition=models.Q(budget__gte=1), name="campaign_budget_positive"),
            models.CheckConstraint(
                condition=~models.Q(state="available") | models.Q(likes_left__gte=1),
                name="campaign_shown_can_pay",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="campaign_owner"),
            models.Index(fields=["target_code"], name="campaign_target"),  # the admin's search
            models.Index(fields=["created"], name="campaign_created"),  # figures by day
            models.Index(fields=["turn", "id"], name="campaign_turn", condition=models.Q(state="available")),
            models.Index(fields=["place"], name="campaign_place", condition=models.Q(state="available")),
            models.Index(fields=["id"], name="campaign_review", condition=models.Q(state="pending")),
            models.Index(fields=["id"], name="campaign_rest_due", condition=models.Q(rest_due=True)),
            models.Index(fields=["look_at"], name="campaign_look", condition=models.Q(look_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.target_code} #{self.pk}"


class Report(models.Model):
    """A person's complaint about a campaign, once."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="reports", db_index=False, verbose_name=_("campaign")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("customer")
    )
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("report of a campaign")
        verbose_name_plural = _("reports of campaigns")
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="campaign_report_once")]

    def __str__(self):
        return f"{self.customer_id} → {self.campaign_id}"
