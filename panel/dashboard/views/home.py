"""The first page after login."""

from django.shortcuts import render

from panel.dashboard.access import customer_required
from panel.dashboard.home_page import describe_home
from panel.dashboard.keyset import read_page
from panel.dashboard.order_lists import describe_rows, find_orders
from panel.dashboard.order_page import describe_choice
from panel.support.announcements.showing import list_unread

LATEST = 5
ANNOUNCED = 3


@customer_required
def show_home(request):
    """Figures, charts, announcements, a quick order and the latest orders; as a fragment these alone."""
    page = read_page(find_orders(request.user.pk), None, LATEST)
    context = {"rows": describe_rows(page.rows), "poll": any(not row.is_final for row in page.rows)}
    if request.htmx:
        return render(request, "dashboard/orders_table.html", context)
    context |= describe_choice(request) | describe_home(request)
    context["announcements"] = list_unread(request.user.pk, ANNOUNCED)
    return render(request, "dashboard/home.html", context)
