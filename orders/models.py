"""Categories, services, orders, and the events that tell of them. The order's row is the queue."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.service_types import ServiceType
from panel.lib.events import Event, event_indexes

MAX_PRICE = 10**10
MAX_QUANTITY = 10**9


class Category(models.Model):
    """A shelf of the catalogue."""

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    image = models.CharField(_("image"), max_length=500, null=True, blank=True)  # noqa: DJ001 - null in panel-app
    sort = models.IntegerField(_("sort"), default=0)
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["sort", "id"]

    def __str__(self):
        return self.name


class Service(models.Model):
    """Something that can be ordered: its type says which fields an order of it has."""

    class Kind(models.TextChoices):
        OTHER = "", _("other")
        LIKE = "like", _("like")
        VIEW = "view", _("view")
        COMMENT = "comment", _("comment")
        FOLLOWER = "follower", _("follower")
        FOLLOWER_PRO = "follower_pro", _("follower pro")
        WATCH_TIME = "watch_time", _("watch time")
        ADS = "ads", _("ads")

    class LinkFormat(models.TextChoices):
        URL = "url", _("address (URL)")
        URL_OR_USERNAME = "url_or_username", _("address or username")

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="services", verbose_name=_("category")
    )
    name = models.CharField(_("name"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    type = models.CharField(_("type"), max_length=32, choices=ServiceType, default=ServiceType.DEFAULT)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.OTHER, blank=True)
    link_format = models.CharField(
        _("link format"), max_length=16, choices=LinkFormat, default=LinkFormat.URL
    )
    price = models.BigIntegerField(_("price"), help_text=_("toman per 1,000; per piece for packages"))
    original_price = models.BigIntegerField(_("price before promotion"), null=True, blank=True)
    min = models.BigIntegerField(_("minimum"), default=1)
    max = models.BigIntegerField(_("maximum"), default=1_000_000)
    pack_size = models.BigIntegerField(_("units in a package"), default=1)
    dripfeed = models.BooleanField(_("drip-feed"), default=False)
    refill = models.BooleanField(_("refill"), default=False)
    cancel = models.BooleanField(_("cancel"), default=True)
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["category__sort", "category_id", "id"]
        constraints = [
            # The upper bounds keep every charge far inside a bigint.
            models.CheckConstraint(condition=models.Q(price__range=(0, MAX_PRICE)), name="service_price"),
            models.CheckConstraint(
                condition=models.Q(min__gte=1, max__gte=models.F("min"), max__lte=MAX_QUANTITY),
                name="service_min_max",
            ),
            models.CheckConstraint(condition=models.Q(pack_size__gte=1), name="service_pack_size"),
        ]

    def __str__(self):
        return f"{self.pk}: {self.name}"


class CatalogueVersion(models.Model):
    """One row whose number a trigger raises with every change of a category or service: caches ask for it."""

    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("catalogue version")
        verbose_name_plural = _("catalogue versions")

    def __str__(self):
        return str(self.number)


class Order(models.Model):
    """One order: what was bought, what was taken for it, and how far it is.

    `status` is the customer's view, `forwarding` ours. `refunded` never exceeds `charge`.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        PROCESSING = "processing", _("processing")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETED = "completed", _("completed")
        PARTIAL = "partial", _("partial")
        CANCELED = "canceled", _("canceled")
        ERROR = "error", _("error")

    class Forwarding(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        UNCLEAR = "unclear", _("unclear")

    class Channel(models.TextChoices):
        DASHBOARD = "dashboard", _("dashboard")
        STANDARD = "standard", "standard v2"
        PANEL_APP = "panel_app", "panel app v1"
        GIFT = "gift", _("gift")
        GRAY_CITY = "gray_city", "gray-city v2"
        HAPPY_FOLLOWER = "happy_follower", "happy-follower v1"

    FINAL = (Status.COMPLETED, Status.PARTIAL, Status.CANCELED, Status.ERROR)

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        related_name="orders",
        verbose_name=_("customer"),
    )
    # Without the database's constraint: every order would share a lock on one popular service's row. Services
    # are switched off and never deleted (the admin offers no delete); the audit looks for orders without one.
    service = models.ForeignKey(
        Service, models.PROTECT, db_index=False, db_constraint=False, verbose_name=_("service")
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    link = models.CharField(_("link"), max_length=2000)
    quantity = models.BigIntegerField(_("quantity"))
    fields = models.JSONField(_("fields"), null=True, blank=True)
    charge = models.BigIntegerField(_("charge"))
    refunded = models.BigIntegerField(_("refunded"), db_default=0)
    cost = models.DecimalField(_("cost in toman"), max_digits=20, decimal_places=6, null=True, blank=True)
    profit = models.DecimalField(_("profit in toman"), max_digits=20, decimal_places=6, null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, db_default=Status.PENDING)
    forwarding = models.CharField(
        _("forwarding"), max_length=16, choices=Forwarding, db_default=Forwarding.QUEUED
    )
    start_count = models.BigIntegerField(_("start count"), null=True, blank=True)
    remains = models.BigIntegerField(_("remains"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, db_default="")
    tries = models.PositiveSmallIntegerField(_("tries"), db_default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, db_default=Now())
    cancel_requested_at = models.DateTimeField(_("cancel requested"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("charge")),
                name="order_refunded_within_charge",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(
                fields=["next_try_at"], name="order_queue", condition=models.Q(next_try_at__isnull=False)
            ),
            models.Index(
                fields=["id"],
                name="order_unsettled_cancel",
                condition=models.Q(cancel_requested_at__isnull=False, settled_at=None),
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"

    @property
    def is_final(self):
        return self.status in self.FINAL


class OrderEvent(Event):
    """One step of an order's way: placed, accepted, in_progress, completed, refunded …"""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events", db_constraint=False)

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        indexes = event_indexes("order_event")

    def __str__(self):
        return f"{self.kind} {self.order_id}"


class IdempotencyKey(models.Model):
    """A client's own key for one `add`: the same key and body answers with the same order for 24 h."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=255)
    input_hash = models.BinaryField(max_length=32)
    order = models.ForeignKey(Order, models.CASCADE, db_constraint=False, db_index=False)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(fields=["customer", "key"], name="idempotency_key_of_customer")
        ]
        indexes = [BrinIndex(fields=["created"], name="idempotency_key_created", pages_per_range=32)]

    def __str__(self):
        return self.key
