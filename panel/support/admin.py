"""The admin of what people were told in the panel."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.support import ticket_admin  # noqa: F401 - registers the tickets
from panel.support.models import Notification


@admin.register(Notification)
class NotificationAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by an order's number or the customer's login name."""

    list_display = (
        "message",
        "customer",
        "kind",
        moment_column("created", _("created")),
        moment_column("read_at", _("read")),
    )
    list_select_related = ("customer",)
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    number_lookups = ("order_id",)
    ordering = ("-created",)
    fields = readonly_fields = (
        "customer",
        "kind",
        "message",
        "order_id",
        *list_display[3:],
        ltr_column("key", _("key")),
    )
