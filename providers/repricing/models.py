"""A change of many prices: its rule, and a row for each service with the price before and after."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PriceRun(models.Model):
    """One change of many prices. A draft is planned and planned again; what was confirmed is what was looked at.

    `revision` grows with each plan and each step from state to state: a page that shows an older one is refused.
    """

    class Method(models.TextChoices):
        PERCENT = "percent", _("by percent")
        AMOUNT = "amount", _("by an amount")
        MARGIN = "margin", _("to cost and margin")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        STARTED = "started", _("being applied")
        APPLIED = "applied", _("applied")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("owner")
    )
    method = models.CharField(_("change"), max_length=8, choices=Method, blank=True)
    value = models.DecimalField(
        _("number"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_(
            "Percent or toman, below 0 to make cheaper; for cost and margin the percent on top of the cost."
        ),
    )
    step = models.PositiveIntegerField(
        _("rounded up to a multiple of (toman)"), default=1, validators=[MinValueValidator(1)]
    )
    least = models.BigIntegerField(_("not below (toman)"), null=True, blank=True)
    most = models.BigIntegerField(_("not above (toman)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0, editable=False)
    job = models.UUIDField(null=True, editable=False)  # of panel.jobs, which forgets it after a week
    created = models.DateTimeField(_("created"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of many prices")
        verbose_name_plural = _("changes of many prices")

    def __str__(self):
        return f"{self.pk}"


class PriceRunRow(models.Model):
    """One service of a PriceRun. Prices as Service.price: toman per 1,000, or per piece."""

    class Outcome(models.TextChoices):
        PLANNED = "", _("planned")
        APPLIED = "applied", _("applied")
        PASSED = "passed", _("left alone: its price had changed meanwhile")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("kept: its price was changed since")

    run = models.ForeignKey(
        PriceRun, models.CASCADE, db_index=False, related_name="rows", verbose_name=_("change of many prices")
    )
    service = models.ForeignKey(
        "orders.Service", models.CASCADE, db_index=False, related_name="+", verbose_name=_("service")
    )
    old = models.BigIntegerField(_("price before"))
    # None: the rule says nothing for it, for its cost is unknown or its price would be none.
    new = models.BigIntegerField(_("price after"), null=True)
    cost = models.BigIntegerField(_("cost in toman"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True, default="")

    class Meta:
        verbose_name = _("price in a change of many")
        verbose_name_plural = _("prices in changes of many")
        constraints = [models.UniqueConstraint(fields=["run", "service"], name="price_run_row_once")]

    def __str__(self):
        return f"{self.service_id}: {self.old} → {self.new}"
