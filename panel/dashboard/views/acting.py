"""The end of acting as a customer."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from panel.dashboard.access import customer_required
from panel.staff.acting import end_acting


@require_POST
@customer_required
def end(request):
    """Stop acting and go back to the customer's page in the admin; who doesn't act goes home."""
    if getattr(request, "acting", None) is None:
        return redirect("dashboard:home")
    customer = request.acting.customer
    end_acting(request)
    messages.success(request, _("You no longer act as %(customer)s.") % {"customer": customer})
    return redirect("admin:accounts_customer_change", customer.pk)
