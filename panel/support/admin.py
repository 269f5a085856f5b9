"""The admin of what people were told in the panel."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.support import (  # noqa: F401 - they register their models
    canned_admin,
    customer_block,
    site_text_admin,
    ticket_admin,
)
from panel.support.announcements import admin as announcement_admin  # noqa: F401 - registers its model
from panel.support.models import Notification, TicketNote


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


@admin.register(TicketNote)
class TicketNoteAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """All notes on tickets, to search; they are written on a ticket's page."""

    list_display = ("id", "ticket", "author", "text", moment_column("created", _("created")))
    list_select_related = ("ticket", "author")
    ordering = ("-id",)
    number_lookups = ("ticket_id",)
    customer_lookup = "ticket__customer_id"
    fields = readonly_fields = list_display[1:]
