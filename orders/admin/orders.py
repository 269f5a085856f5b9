"""The admin pages of orders: all can be seen, none edited; the one thing to do to an order is to cancel it."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent
from orders.refusals import OrderRefused, describe
from orders.services import CancelAnswer, cancel_order
from panel.admin_site.actions import Action, ActionRefused, answer_actions
from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column, show_number
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin

created = moment_column("created", _("created"))
link = ltr_column("link", _("link"))
quantity = number_column("quantity", _("quantity"))
charge = number_column("charge", _("charge"))
refunded = number_column("refunded", _("refunded"))
start_count = number_column("start_count", _("start count"))
remains = number_column("remains", _("remains"))
SHOWN_CHARACTERS = 60
SHOWN_PARTS = 50


@admin.display(description=_("link"))
def short_link(order):
    """The link, short enough for a row; all of it is on the order's page."""
    return format_html('<bdi dir="ltr">{}</bdi>', Truncator(order.link).chars(SHOWN_CHARACTERS))


@admin.display(description=_("part of order"))
def parent_link(order):
    """The order that this one is a part of."""
    if not order.parent_id:
        return EMPTY
    page = reverse("admin:orders_order_change", args=[order.parent_id])
    return format_html('<a href="{}"><bdi dir="ltr">#{}</bdi></a>', page, order.parent_id)


@admin.display(description=_("parts"))
def parts_link(order):
    """How many parts the order has; all of them are a click away."""
    if order.forwarding != Order.Forwarding.PARTS:
        return EMPTY
    rows = f"{reverse('admin:orders_order_changelist')}?parent__id__exact={order.pk}"
    return format_html('<a href="{}">{}</a>', rows, show_number(order.parts.count()))


class PartFilter(admin.SimpleListFilter):
    """Orders that are a part of another one, or that are none."""

    title = _("part of another order")
    parameter_name = "part"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(parent__isnull=self.value() == "no")


class PartInline(ViewOnlyInline):
    """The newest parts of an order; `parts_link` leads to all of them."""

    model = Order
    fk_name = "parent"
    verbose_name_plural = _("newest parts")
    fields = (short_link, quantity, "status", "forwarding", start_count, remains, created)
    readonly_fields = fields

    def get_queryset(self, request):
        parent_id = request.resolver_match.kwargs["object_id"]
        newest = Order.objects.filter(parent=parent_id).order_by("-id")[:SHOWN_PARTS]
        return super().get_queryset(request).filter(pk__in=newest.values("pk")).order_by("-id")


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
        parent_link,
        created,
    )
    list_filter = ("status", "forwarding", "channel", PartFilter)
    list_select_related = ("customer", "service")
    ordering = ("-id",)
    sortable_by = ("id",)  # sorting or counting millions by anything else takes many seconds
    show_facets = admin.ShowFacets.NEVER
    search_help_text = _("Number of an order, or a customer's mobile, email or username")
    fieldsets = (
        (
            None,
            {"fields": ("customer", "service", "channel", parent_link, parts_link, link, quantity, "fields")},
        ),
        (
            _("Way"),
            {
                "fields": (
                    "status",
                    "forwarding",
                    "reason",
                    start_count,
                    remains,
                    number_column("tries", _("tries")),
                    ltr_column("trace", _("id in the logs")),
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
            _("Cancel"),
            "admin:orders_order_cancel",
            "orders.change_order",
            lambda order: not order.is_final and order.parent_id is None,
        ),
    )

    def get_inlines(self, request, obj):
        """The parts of an order in parts stand first."""
        in_parts = obj is not None and obj.forwarding == Order.Forwarding.PARTS
        return ((PartInline,) if in_parts else ()) + self.inlines

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
