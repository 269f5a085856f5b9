"""The admin pages of orders that are done in parts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import DripFeed, Subscription, SubscriptionPost
from panel.admin_site.columns import ltr_column, moment_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin


@admin.register(DripFeed)
class DripFeedAdmin(ViewOnlyAdmin):
    """Runs are made by the workers; the order's own page cancels."""

    list_display = (
        "order",
        number_column("runs", _("runs")),
        number_column("quantity", _("units of a run")),
        number_column("interval", _("minutes between runs")),
        number_column("made", _("parts made")),
        moment_column("next_run_at", _("next run")),
        moment_column("stopped_at", _("stopped")),
    )
    list_select_related = ("order",)
    ordering = ("-order_id",)


@admin.register(Subscription)
class SubscriptionAdmin(ViewOnlyAdmin):
    """Who is followed, how far it is, and why it doesn't go on."""

    list_display = (
        "order",
        ltr_column("username", _("username")),
        "state",
        number_column("posts", _("posts")),
        number_column("made", _("parts made")),
        moment_column("expires_at", _("expires")),
        moment_column("next_fetch_at", _("next look for posts")),
        "reason",
    )
    list_filter = ("state",)
    list_select_related = ("order",)
    ordering = ("-order_id",)


@admin.register(SubscriptionPost)
class SubscriptionPostAdmin(ViewOnlyAdmin):
    """The posts that were seen, and their orders."""

    list_display = (
        "id",
        "subscription",
        ltr_column("link", _("link")),
        moment_column("due_at", _("due")),
        "part",
    )
    list_select_related = ("subscription", "part")
    ordering = ("-id",)
