"""The first page after login."""

from django.shortcuts import render

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_page
from panel.dashboard.order_lists import count_orders, describe_rows, find_orders

LATEST = 5


@customer_required
def show_home(request):
    """Balance, figures and the latest orders."""
    page = read_page(find_orders(request.user.pk), None, LATEST)
    context = {"rows": describe_rows(page.rows), "poll": any(not row.is_final for row in page.rows)}
    if request.htmx:
        return render(request, "dashboard/orders_table.html", context)
    return render(request, "dashboard/home.html", context | {"counts": count_orders(request.user.pk)})
