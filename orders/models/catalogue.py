"""What is on sale: categories, services, and the events that tell of their changes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
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

    class SameLink(models.TextChoices):
        QUEUE = "queue", _("wait until the first order ends")
        REFUSE = "refuse", _("refuse the second order")
        ALLOW = "allow", _("allow")

    class RouteChoice(models.TextChoices):
        PRIORITY = "priority", _("priority")
        COST = "cost", _("cost")
        HEALTH = "health", _("health")

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
    same_link = models.CharField(
        _("second order on one link"),
        max_length=8,
        choices=SameLink,
        default=SameLink.QUEUE,
        help_text=_("Upstreams count from a start count: two orders running on one link under-deliver."),
    )
    link_hosts = ArrayField(
        models.CharField(max_length=253),
        verbose_name=_("hosts of links"),
        default=list,
        blank=True,
        help_text=_("Comma-separated, as instagram.com; their subdomains count too. Empty: any host."),
    )
    link_pattern = models.CharField(
        _("shape of links"),
        max_length=300,
        blank=True,
        help_text=_("A regular expression for what follows the host, as /(p|reel)/[^/]+"),
    )
    link_example = models.CharField(
        _("example of a right link"), max_length=500, blank=True, help_text=_("Shown when a link is refused.")
    )
    min_video_seconds = models.PositiveIntegerField(
        _("shortest video in seconds"),
        null=True,
        blank=True,
        help_text=_("The video's length is asked of its site; one that is not longer is refused."),
    )
    route_choice = models.CharField(
        _("choice of routes"), max_length=8, choices=RouteChoice, default=RouteChoice.PRIORITY
    )
    active = models.BooleanField(_("active"), default=True)
    pause_reason = models.CharField(_("pause reason"), max_length=300, blank=True)
    # Raised by a trigger with every change of the row: what a process remembers of a service is checked by it.
    version = models.BigIntegerField(default=0, db_default=0, editable=False)
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


class ServiceEvent(Event):
    """A change of what is on sale: added, price_changed, bounds_changed, paused, resumed. Also its log.

    `data` holds `old` and `new` (toman per 1,000, quantities) and `reason` where there is one.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="events", verbose_name=_("service"))

    class Meta:
        verbose_name = _("service event")
        verbose_name_plural = _("service events")
        indexes = event_indexes("service_event")

    def __str__(self):
        return f"{self.kind} {self.service_id}"
