"""The admin pages of orders: all can be seen, none edited; the one thing to do to an order is to cancel it."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent
from orders.refusals import OrderRefused, describe
from orders.services import CancelAnswer, cancel_order
from panel.admin_site.actions import Action, ActionRefused, answer_actions
from panel.admin_site.columns import ltr_column, moment_column, number_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin

created = moment_column("created", _("created"))
link = ltr_column("link", _("link"))
quantity = number_column("quantity", _("quantity"))
charge = number_column("charge", _("charge"))
refunded = number_column("refunded", _("refunded"))
SHOWN_CHARACTERS = 60


@admin.display(description=_("link"))
def short_link(order):
    """The link, short enough for a row; all of it is on the order's page."""
    return format_html('<bdi dir="ltr">{}</bdi>', Truncator(order.link).chars(SHOWN_CHARACTERS))


class OrderEventInline(ViewOnlyInline):
    """The order's way, oldest step first."""

    model = OrderEvent
    verbose_name_plural = _("events")
    ordering = ("id",)
    fields = ("kind", "data", created, moment_column("handled_at", _("handled")), "failures")
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Applications above put their own rows on its page with add_inline."""

    list_display = (
        "id",
        "customer",
        "service",
        short_link,
        quantity,
        charge,
        "status",
        "forwarding",
        created,
    )
    list_filter = ("status", "forwarding", "channel")
    list_select_related = ("customer", "service")
    ordering = ("-id",)
    sortable_by = ("id",)  # sorting or counting millions by anything else takes many seconds
    show_facets = admin.ShowFacets.NEVER
    search_help_text = _("Number of an order, or a customer's mobile, email or username")
    fieldsets = (
        (None, {"fields": ("customer", "service", "channel", link, quantity, "fields")}),
        (
            _("Way"),
            {
                "fields": (
                    "status",
                    "forwarding",
                    "reason",
                    number_column("start_count", _("start count")),
                    number_column("remains", _("remains")),
                    "tries",
                )
            },
        ),
        (
            _("Money in toman"),
            {
                "fields": (
                    charge,
                    refunded,
                    number_column("cost", _("cost")),
                    number_column("profit", _("profit")),
                )
            },
        ),
        (
            _("Moments"),
            {
                "fields": (
                    created,
                    moment_column("changed", _("changed")),
                    moment_column("next_try_at", _("next try")),
                    moment_column("cancel_requested_at", _("cancel requested")),
                    moment_column("settled_at", _("settled")),
                )
            },
        ),
    )
    readonly_fields = tuple(name for _title, group in fieldsets for name in group["fields"])
    inlines = (OrderEventInline,)
    tools = (
        Tool(
            _("Cancel"), "admin:orders_order_cancel", "orders.change_order", lambda order: not order.is_final
        ),
    )

    def get_urls(self):
        pages = add_pages(self, ("<int:object_id>/cancel/", self.cancel_view, "orders_order_cancel"))
        return pages + super().get_urls()

    def cancel_view(self, request, object_id):
        """Asks whether to cancel, and cancels as the customer could."""
        return answer_actions(self, request, object_id, [CANCEL])


def add_inline(inline):
    """Show `inline` on the page of an order, below the panel's own; called once, when an admin is loaded."""
    OrderAdmin.inlines = (*OrderAdmin.inlines, inline)


def _cancel(request, order, data):
    try:
        answer = cancel_order(order.customer_id, order.pk)
    except OrderRefused as refused:
        raise ActionRefused(describe(refused)) from None
    if answer is CancelAnswer.REFUNDED:
        return _t("The order is canceled and its charge refunded.")
    return _t("The cancel is requested; money comes back when the provider says so.")


CANCEL = Action(
    title=_("Cancel this order"),
    button=_("Cancel the order"),
    act=_cancel,
    permission="orders.change_order",
    note=_(
        "An order that wasn't sent yet ends at once and its charge is refunded."
        " For all others the provider is asked, and refunds what it says."
    ),
    danger=True,
)
