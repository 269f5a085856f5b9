"""What the sync remembers: upstreams' lists, rules of import, prices that wait, and how each pass went."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models import MAX_PRICE, Category, Service

MAX_MARGIN = 10_000
WHOLE_STEP = 1


class ImportRule(models.Model):
    """How one category of an upstream's list is sold here; a service's price follows from its category's rule."""

    class Mode(models.TextChoices):
        FOLLOW = "follow", _("follow the cost")
        APPROVE = "approve", _("wait for approval")

    provider = models.ForeignKey(
        "providers.Provider", models.CASCADE, related_name="import_rules", verbose_name=_("provider")
    )
    upstream_category = models.CharField(_("upstream category"), max_length=300, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("our category"))
    kind = models.CharField(_("kind"), max_length=16, choices=Service.Kind, default="", blank=True)
    margin = models.DecimalField(
        _("margin in percent"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(20),
        validators=[MinValueValidator(0), MaxValueValidator(MAX_MARGIN)],
    )
    step = models.PositiveIntegerField(
        _("round up to"),
        default=WHOLE_STEP,
        validators=[MinValueValidator(WHOLE_STEP), MaxValueValidator(MAX_PRICE)],
        help_text=_("toman: a price is the next multiple of this"),
    )
    mode = models.CharField(_("when the cost changes"), max_length=8, choices=Mode, default=Mode.FOLLOW)
    import_new = models.BooleanField(_("import new services"), default=False)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("import rule")
        verbose_name_plural = _("import rules")
        ordering = ["provider_id", "upstream_category"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "upstream_category"], name="import_rule_once"),
            models.CheckConstraint(condition=models.Q(margin__gte=0), name="import_rule_margin"),
            models.CheckConstraint(condition=models.Q(step__gte=WHOLE_STEP), name="import_rule_step"),
        ]

    def __str__(self):
        return self.upstream_category or "–"


class UpstreamListing(models.Model):
    """A row of an upstream's list of services as last seen; `gone_at` once the list no longer has it.

    `rate`, `min`, `max` and `type` are None or empty where the upstream does not publish them readably. `rate` is
    per 1,000 (a piece for packages) in the provider's currency, rounded up to six decimals.
    """

    class State(models.TextChoices):
        LISTED = "listed", _("listed")
        NEW = "new", _("new")
        IMPORTED = "imported", _("imported")

    provider = models.ForeignKey(
        "providers.Provider", models.CASCADE, related_name="listings", verbose_name=_("provider")
    )
    upstream_service = models.CharField(_("upstream service"), max_length=64)
    name = models.CharField(_("name"), max_length=500, blank=True)
    type = models.CharField(_("type"), max_length=50, blank=True)
    category = models.CharField(_("category"), max_length=300, blank=True)
    rate = models.DecimalField(_("cost"), max_digits=18, decimal_places=6, null=True, blank=True)
    min = models.BigIntegerField(_("minimum"), null=True, blank=True)
    max = models.BigIntegerField(_("maximum"), null=True, blank=True)
    refill = models.BooleanField(_("refill"), default=False)
    cancel = models.BooleanField(_("cancel"), default=False)
    dripfeed = models.BooleanField(_("drip-feed"), default=False)
    description = models.TextField(_("description"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.LISTED)
    # Of all that is told in the row, so that a pass writes the rows that changed and no other.
    digest = models.CharField(max_length=32, editable=False)
    first_seen = models.DateTimeField(_("first seen"), db_default=Now())
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        verbose_name = _("upstream service")
        verbose_name_plural = _("upstream services")
        ordering = ["provider_id", "category", "id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "upstream_service"], name="upstream_listing_once")
        ]
        indexes = [
            models.Index(
                fields=["id"], name="upstream_listing_new", condition=models.Q(state="new", gone_at=None)
            )
        ]

    def __str__(self):
        return f"{self.upstream_service}: {self.name}"


class ProviderSync(models.Model):
    """How the passes over one provider's list go.

    A pass holds the lease while it reads and writes. `run` grows with each claim: each of a pass's transactions
    locks this row and ends it when the number is no longer its own.
    """

    provider = models.OneToOneField(
        "providers.Provider",
        models.CASCADE,
        primary_key=True,
        related_name="sync",
        verbose_name=_("provider"),
    )
    run = models.BigIntegerField(default=0, db_default=0, editable=False)
    lease_until = models.DateTimeField(_("reading until"), null=True, blank=True)
    next_sync_at = models.DateTimeField(_("next sync"), null=True, blank=True, db_default=Now())
    synced_at = models.DateTimeField(_("list read"), null=True, blank=True)
    listed = models.PositiveIntegerField(_("services in the list"), default=0, db_default=0)
    error = models.CharField(_("last trouble"), max_length=300, blank=True, db_default="")
    # A list that lacks more than half of what was there changes nothing until an operator takes it.
    shrunk_to = models.PositiveIntegerField(_("shorter list of"), null=True, blank=True)
    accepted_length = models.PositiveIntegerField(_("taken from a length of"), null=True, blank=True)

    class Meta:
        verbose_name = _("sync of a provider")
        verbose_name_plural = _("syncs of providers")

    def __str__(self):
        return str(self.provider)


class SyncedService(models.Model):
    """What the sync knows of a service: the rule it was imported by, and what it keeps it paused for.

    Without a rule the service was made by hand: its price and bounds are left alone.
    """

    class Pause(models.TextChoices):
        NONE = "", "–"
        UNTOLD = "untold", _("its figures have to be typed in")
        VANISHED = "vanished", _("gone from the upstream's list")
        COST = "cost", _("its cost is above its price")

    service = models.OneToOneField(
        Service, models.CASCADE, primary_key=True, related_name="sync", verbose_name=_("service")
    )
    rule = models.ForeignKey(
        ImportRule, models.SET_NULL, null=True, blank=True, related_name="services", verbose_name=_("rule")
    )
    paused_for = models.CharField(_("paused for"), max_length=8, choices=Pause, default="", blank=True)
    # What the rule made of the last cost. A price typed by hand stays until this would be another.
    price_by_rule = models.BigIntegerField(_("price by the rule"), null=True, blank=True)

    class Meta:
        verbose_name = _("synced service")
        verbose_name_plural = _("synced services")
        indexes = [
            models.Index(
                fields=["paused_for"], name="synced_service_paused", condition=~models.Q(paused_for="")
            )
        ]

    def __str__(self):
        return str(self.service_id)


class PriceProposal(models.Model):
    """A price that the rule made of a new cost, and that waits for an operator. At most one of a service waits."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        OUTDATED = "outdated", _("outdated")

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="price_proposals", verbose_name=_("service")
    )
    old_price = models.BigIntegerField(_("price then"))
    price = models.BigIntegerField(_("proposed price"))
    cost = models.BigIntegerField(_("cost in toman"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    created = models.DateTimeField(_("created"), db_default=Now())
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("price proposal")
        verbose_name_plural = _("price proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=models.Q(state="waiting"), name="price_proposal_one_waiting"
            )
        ]

    def __str__(self):
        return f"{self.service_id}: {self.old_price} → {self.price}"
