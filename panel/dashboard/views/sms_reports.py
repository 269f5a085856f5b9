"""The customer's SMS of the last days, as a chart and a table."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.sms.notices import find_standing
from panel.dashboard.sms.reports import draw_days, read_days, sum_days


@require_safe
@customer_required
def show_reports(request):
    """The last days with all messages of theirs."""
    days = read_days(request.user.pk)
    context = {
        "standing": find_standing(request.user),
        "chart": draw_days(days),
        "first": days[0].date,
        "last": days[-1].date,
        "total": sum_days(days),
        "days": [day for day in reversed(days) if day.sent],
    }
    return render(request, "dashboard/sms/reports.html", context)
