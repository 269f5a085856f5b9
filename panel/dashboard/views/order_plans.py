"""The customer's drip-feeds and subscriptions."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from orders.searching import DRIP_FEED, OPEN, PLANS, SUBSCRIPTION, OrderFilter
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor
from panel.dashboard.order_lists import describe_rows, read_found
from panel.dashboard.order_plans import describe_plan

KINDS = (DRIP_FEED, SUBSCRIPTION)


@require_safe
@customer_required
def list_plans(request):
    """The list, newest first; asked for as a fragment it is the table alone."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else PLANS
    is_open = request.GET.get("status") == OPEN
    wanted = OrderFilter(kind=kind, status=OPEN if is_open else "")
    page, reached = read_found(request.user.pk, wanted, read_cursor(request))
    for order in describe_rows(page.rows):
        order.plan = describe_plan(order)
    context = {
        "page": page,
        "reached": reached,
        "poll": any(not row.is_final for row in page.rows),
        "kind": kind,
        "is_open": is_open,
        "filter": "&".join([f"kind={kind}"] * (kind != PLANS) + ["status=open"] * is_open),
    }
    template = "dashboard/plans_table.html" if request.htmx else "dashboard/plans.html"
    return render(request, template, context)
