"""The admin pages of webhooks: seen by staff, kept by their customers. Secrets are not shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import CatalogueAnnouncement, CatalogueChange, WebhookDelivery, WebhookEndpoint
from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin

created = moment_column("created", _("created"))
url = ltr_column("url", _("address"))


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Where resellers are told."""

    list_display = ("id", "customer", url, "topics", "active", created)
    list_filter = ("active",)
    list_select_related = ("customer",)
    ordering = ("-id",)
    fields = readonly_fields = (
        "customer",
        url,
        "topics",
        "active",
        created,
        moment_column("last_success_at", _("last success")),
        moment_column("last_failure_at", _("last failure")),
        "last_failure",
    )
    search_help_text = _("Number, or a customer's mobile, email or username")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("secret")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """What was told; by the number of the webhook or the customer."""

    list_display = (
        "id",
        ltr_column("event_id", _("event id")),
        ltr_column("endpoint_id", _("webhook")),
        "kind",
        "state",
        "tries",
        "status_code",
        created,
    )
    list_filter = ("state",)
    ordering = ("-id",)
    number_lookups = ("endpoint_id",)
    customer_lookup = "endpoint__customer_id"
    fields = readonly_fields = (
        ltr_column("endpoint_id", _("webhook")),
        ltr_column("event_id", _("event id")),
        "kind",
        "payload",
        ltr_column("announcement_id", _("catalogue announcement")),
        "state",
        "tries",
        moment_column("next_try_at", _("next try")),
        moment_column("retry_until", _("tried until")),
        created,
        "status_code",
        "error",
        moment_column("delivered_at", _("delivered")),
    )
    search_help_text = _("Number of a webhook, or a customer's mobile, email or username")


@admin.register(CatalogueAnnouncement)
class CatalogueAnnouncementAdmin(ViewOnlyAdmin):
    """What subscribers were told of the catalogue."""

    list_display = ("id", created)
    ordering = ("-id",)
    fields = readonly_fields = (created, "changes")


@admin.register(CatalogueChange)
class CatalogueChangeAdmin(ViewOnlyAdmin):
    """What waits to be told."""

    list_display = ("event_id",)
    ordering = ("-event_id",)
    fields = readonly_fields = ("event",)
