"""The admin pages of what orders told, and of the keys that clients gave their calls."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from orders.models import IdempotencyKey, OrderEvent
from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.events import EventAdmin, list_set_aside
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work


@admin.display(description=_("order"), ordering="order_id")
def order_link(row):
    """The number of the row's order, as a link to its page; asks the database nothing."""
    url = reverse("admin:orders_order_change", args=[row.order_id])
    return format_html('<a href="{}"><bdi>#{}</bdi></a>', url, row.order_id)


@admin.register(OrderEvent)
class OrderEventAdmin(IndexedSearchMixin, EventAdmin):
    """Every step of every order: millions, so found by the order's number and not listed by kind."""

    about = staticmethod(order_link)
    sortable_by = ("id",)
    number_lookups = ("order_id",)
    customer_lookup = "order__customer_id"
    search_fields = IndexedSearchMixin.search_fields
    search_help_text = _("Number of an order, or a customer's mobile, email or username")


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Kept for 24 hours."""

    list_display = ("id", ltr_column("key", _("key")), order_link, moment_column("created", _("created")))
    ordering = ("-id",)
    search_help_text = _("Number, or a customer's mobile, email or username")


add_work(
    WorkLine(
        label=_("order events set aside"),
        count=lambda: list_set_aside(OrderEvent),
        url_name="admin:orders_orderevent_changelist",
        permission="orders.view_orderevent",
        query="?handling=set_aside",
    )
)
