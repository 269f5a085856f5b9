"""The wallet page."""

from django.shortcuts import render

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor
from panel.dashboard.statement import read_statement


@customer_required
def show_wallet(request):
    """The balance and every transfer with the balance it left."""
    page = read_statement(request.user.pk, read_cursor(request))
    return render(request, "dashboard/wallet.html", {"page": page})
