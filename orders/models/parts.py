"""Orders that are done in parts: drip-feed and subscriptions. Each part is an order of its own, with a parent.

The parent is charged once, for all its units; its parts cost nothing, and what they leave undone comes back to the
parent. `orders/parts/` makes them and ends the parent.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.orders import Order


class Plan(models.Model):
    """What the plans share: whose parts they make, how many were made, and when to look again.

    `next_look_at` is NULL once the parent has ended; `stopped_at` says that no more parts are to be made. The
    customer is the parent's, written again to find the few plans of somebody among a million orders.
    """

    order = models.OneToOneField(
        Order, models.CASCADE, primary_key=True, db_constraint=False, verbose_name=_("order")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("customer"),
    )
    made = models.PositiveIntegerField(_("parts made"), default=0, db_default=0)
    next_look_at = models.DateTimeField(_("next look"), null=True, blank=True, db_default=Now())
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"#{self.order_id}"


class DripFeed(Plan):
    """`runs` times `quantity` units, a run every `interval` minutes."""

    runs = models.PositiveIntegerField(_("runs"))
    quantity = models.BigIntegerField(_("units of a run"))
    interval = models.PositiveIntegerField(_("minutes between runs"))
    next_run_at = models.DateTimeField(_("next run"), null=True, blank=True, db_default=Now())

    class Meta:
        verbose_name = _("drip-feed")
        verbose_name_plural = _("drip-feeds")
        indexes = [
            models.Index(
                fields=["next_look_at"],
                name="drip_feed_look",
                condition=models.Q(next_look_at__isnull=False),
            ),
            models.Index(fields=["customer", "-order"], name="drip_feed_customer"),
        ]


class Subscription(Plan):
    """`min` to `max` units for each of the next `posts` posts of `username`, until `expires_at`."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", pgettext_lazy("a subscription is", "paused")
        COMPLETED = "completed", _("completed")
        EXPIRED = "expired", _("expired")
        CANCELED = "canceled", _("canceled")

    username = models.CharField(_("username"), max_length=128)
    min = models.BigIntegerField(_("least units of a post"))
    max = models.BigIntegerField(_("most units of a post"))
    posts = models.PositiveIntegerField(_("posts"))
    old_posts = models.PositiveIntegerField(_("posts that are there already"), default=0)
    delay = models.PositiveIntegerField(_("minutes from a post to its order"), default=0)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.ACTIVE, db_default=State.ACTIVE
    )
    # When the username's posts are asked for next, and how often in a row that failed.
    next_fetch_at = models.DateTimeField(_("next look for posts"), null=True, blank=True, db_default=Now())
    # Posts from then on count; NULL until those that are there already were looked at.
    since = models.DateTimeField(_("posts since"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("looks that failed"), default=0, db_default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        indexes = [
            models.Index(
                fields=["next_look_at"],
                name="subscription_look",
                condition=models.Q(next_look_at__isnull=False),
            ),
            models.Index(
                fields=["next_fetch_at"],
                name="subscription_fetch",
                condition=models.Q(next_fetch_at__isnull=False),
            ),
            models.Index(fields=["customer", "-order"], name="subscription_customer"),
        ]


class SubscriptionPost(models.Model):
    """A post that a subscription counts, once: due after the delay, then ordered as `part`."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="seen", verbose_name=_("subscription")
    )
    post_id = models.CharField(_("post"), max_length=128)
    link = models.CharField(_("link"), max_length=2000)
    due_at = models.DateTimeField(_("due"))
    part = models.OneToOneField(
        Order,
        models.SET_NULL,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("order"),
    )
    created = models.DateTimeField(_("seen"), db_default=Now())

    class Meta:
        verbose_name = _("post of a subscription")
        verbose_name_plural = _("posts of subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "post_id"], name="subscription_post_once")
        ]

    def __str__(self):
        return self.link
