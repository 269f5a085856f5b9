"""Upstream providers, the routes of services to them, and every dispatch of an order."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Service
from panel.lib.events import Event, event_indexes
from panel.lib.secrets import EncryptedTextField
from providers.day_models import ProviderDay  # noqa: F401 - Django looks for models here
from providers.repricing.models import PriceRun, PriceRunRow  # noqa: F401 - as below
from providers.sync.models import (  # noqa: F401 - Django looks for an application's models here
    ImportRule,
    PriceProposal,
    ProviderSync,
    SyncedService,
    UpstreamListing,
)


class Provider(models.Model):
    """An upstream panel we buy from. Its secrets are encrypted at rest."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    dialect = models.CharField(_("dialect"), max_length=32, default="standard")
    url = models.CharField(_("address"), max_length=500)
    key = EncryptedTextField(_("key"), blank=True)
    username = models.CharField(_("username"), max_length=128, blank=True)
    password = EncryptedTextField(_("password"), blank=True)
    currency = models.CharField(_("currency"), max_length=8, default="IRT")
    rate = models.DecimalField(
        _("toman for one unit of its currency"), max_digits=18, decimal_places=6, default=1
    )
    active = models.BooleanField(_("active"), default=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_reason = models.CharField(_("pause reason"), max_length=300, blank=True)
    honours_idempotency_key = models.BooleanField(
        _("honours Idempotency-Key"),
        default=False,
        help_text=_("The same key never makes two orders there, so an unclear order may be asked again."),
    )
    calls_per_second = models.PositiveIntegerField(_("calls a second"), default=0, help_text=_("0: no limit"))
    balance = models.DecimalField(_("balance"), max_digits=20, decimal_places=6, null=True, blank=True)
    balance_at = models.DateTimeField(_("balance read"), null=True, blank=True)
    low_balance = models.DecimalField(
        _("low balance"),
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Operators are told once when the balance falls below this, in its currency."),
    )
    low_balance_told_at = models.DateTimeField(_("told of low balance"), null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")

    def __str__(self):
        return self.name


class Route(models.Model):
    """One way to have a service done: this upstream service of that provider. Lower priority goes first."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="routes", verbose_name=_("service"))
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="routes", verbose_name=_("provider"))
    upstream_service = models.CharField(_("upstream service"), max_length=64)
    priority = models.IntegerField(_("priority"), default=10)
    cost = models.DecimalField(
        _("cost per 1,000"),
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("in the provider's currency"),
    )
    active = models.BooleanField(_("active"), default=True)
    # A route that fails often rests until then; after that one order at a time tries it (providers/resting.py).
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    rests = models.PositiveSmallIntegerField(_("rests in a row"), default=0)
    # Set by the sync with active=False; when the upstream lists the service again, both are undone.
    vanished_at = models.DateTimeField(_("gone from the upstream's list"), null=True, blank=True)

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "provider", "upstream_service"], name="route_once")
        ]

    def __str__(self):
        return f"{self.service_id} → {self.provider} {self.upstream_service}"


class RouteHealth(models.Model):
    """How a route did in the last 7 days, measured by us (providers/health.py)."""

    route = models.OneToOneField(
        Route, models.CASCADE, primary_key=True, related_name="health", verbose_name=_("route")
    )
    sent = models.PositiveIntegerField(_("sent"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    failed = models.PositiveIntegerField(_("unavailable or unclear"), default=0)
    finished = models.PositiveIntegerField(_("finished"), default=0)
    cut_short = models.PositiveIntegerField(_("partial or canceled"), default=0)
    median_seconds = models.PositiveIntegerField(_("median seconds to the end"), null=True, blank=True)
    score = models.FloatField(_("score"), default=1.0, help_text=_("0 to 1"))
    measured_at = models.DateTimeField(_("measured"), db_default=Now())

    class Meta:
        verbose_name = _("health of a route")
        verbose_name_plural = _("health of routes")

    def __str__(self):
        return f"{self.route_id}: {self.score:.2f}"


class Dispatch(models.Model):
    """One sending of an order to a provider, written and committed before any HTTP.

    At most one of an order is alive (`order_one_live_dispatch`): that an order is never sent twice is a
    property of the table, not of the code around it.
    """

    class State(models.TextChoices):
        SENDING = "sending", _("sending")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        UNAVAILABLE = "unavailable", _("unavailable")
        UNCLEAR = "unclear", _("unclear")
        MISSING = "missing", _("found missing")

    LIVE = (State.SENDING, State.ACCEPTED, State.UNCLEAR)

    order = models.ForeignKey(Order, models.PROTECT, related_name="dispatches", verbose_name=_("order"))
    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, verbose_name=_("provider"))
    route = models.ForeignKey(
        Route, models.SET_NULL, null=True, blank=True, db_index=False, verbose_name=_("route")
    )
    upstream_service = models.CharField(_("upstream service"), max_length=64)
    idempotency_key = models.CharField(_("Idempotency-Key"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.SENDING)
    upstream_id = models.CharField(_("upstream order"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    excerpt = models.TextField(_("answer"), blank=True)
    balance_before = models.DecimalField(
        _("balance before"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    balance_after = models.DecimalField(
        _("balance after"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    next_poll_at = models.DateTimeField(_("next poll"), null=True, blank=True)
    cancel_sent_at = models.DateTimeField(_("cancel sent"), null=True, blank=True)
    raw_status = models.CharField(_("status in its words"), max_length=64, blank=True)
    # It ended partial at an upstream that doesn't say how much remains: an operator types it in.
    remains_missing_at = models.DateTimeField(_("remains missing since"), null=True, blank=True)
    # While it lasts, one process asks the upstream about this dispatch (reconciling or canceling).
    lease_until = models.DateTimeField(_("asked until"), null=True, blank=True)
    next_ask_at = models.DateTimeField(_("next ask"), null=True, blank=True)
    asks = models.PositiveSmallIntegerField(_("times asked"), default=0, db_default=0)
    created = models.DateTimeField(_("created"), db_default=Now())
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=["sending", "accepted", "unclear"]),
                name="order_one_live_dispatch",
            ),
            models.UniqueConstraint(fields=["idempotency_key"], name="dispatch_idempotency_key"),
        ]
        indexes = [
            models.Index(
                fields=["provider", "next_poll_at"],
                name="dispatch_poll",
                condition=models.Q(next_poll_at__isnull=False),
            ),
            models.Index(
                fields=["provider", "upstream_id"],
                name="dispatch_upstream",
                condition=~models.Q(upstream_id=""),
            ),
            models.Index(
                fields=["remains_missing_at"],
                name="dispatch_remains_missing",
                condition=models.Q(remains_missing_at__isnull=False),
            ),
            # Of the last days alone: older answers are wiped (providers/retention.py).
            models.Index(fields=["id"], name="dispatch_answer", condition=~models.Q(excerpt="")),
            models.Index(
                fields=["state", "created"],
                name="dispatch_open",
                condition=models.Q(state__in=["sending", "unclear"]),
            ),
        ]

    def __str__(self):
        return f"#{self.order_id} → {self.provider_id}"


class ProviderEvent(Event):
    """Something an operator should know: a provider paused, an order unclear, a status nobody knows."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="events", verbose_name=_("provider"))

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        indexes = event_indexes("provider_event")

    def __str__(self):
        return f"{self.kind} {self.provider_id}"
