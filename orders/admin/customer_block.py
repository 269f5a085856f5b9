"""The customer's orders at the top of their page in the admin."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from orders.models import CustomerTotal, Order
from panel.admin_site.columns import moment_column, show_number
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)

LOOKED_AT = 1000  # of the newest orders, for how many are open: a reseller has a million
SHOWN_CHARACTERS = 30
created = moment_column("created", _("created"))


def _read_orders(customer):
    own = Order.objects.filter(customer=customer, parent=None).order_by("-id")
    newest = own[:LOOKED_AT].values("pk")
    open_ones = Order.objects.filter(pk__in=newest).exclude(status__in=Order.FINAL).count()
    total = CustomerTotal.objects.filter(customer=customer).first()
    facts = (
        (_("orders in all"), show_number(total.orders if total else 0)),
        (_("toman spent"), show_number(total.amount if total else 0)),
        (_("open among the newest 1,000"), show_number(open_ones)),
    )
    rows = tuple(_show(order) for order in own.select_related("service")[:SHOWN_ROWS])
    heads = (_("number"), _("service"), _("charge"), _("status"), _("created"))
    return BlockContent(facts, heads, rows, _("They have ordered nothing yet."))


def _show(order):
    name = Truncator(order.service.name).chars(SHOWN_CHARACTERS)
    number = link_row("admin:orders_order_change", order)
    return (number, name, show_number(order.charge), order.get_status_display(), created(order))


add_customer_block(
    CustomerBlock(
        title=_("Orders"),
        place=40,
        permission="orders.view_order",
        read=_read_orders,
        all_url=list_of("admin:orders_order_changelist"),
    )
)
