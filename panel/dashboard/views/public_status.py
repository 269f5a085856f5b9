"""The status page. No provider is named on it, and no order is read for it."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from panel.dashboard.public import health
from panel.lib.dates import read_digits


@never_cache
@require_safe
def show_status(request):
    """Components, what is in trouble, and the measured services, category by category."""
    category_id = read_digits(request.GET.get("category", ""))
    worst = health.list_worst()
    components = health.list_components()
    context = {
        "components": components,
        "worst": worst[: health.WORST],
        "more_worst": len(worst) > health.WORST,
        "all_well": not worst and not any(component.is_bad for component in components),
        "measured_at": health.find_measured_at(),
        "page": health.read_status(category_id, request.GET.get("after", "")),
        "categories": health.list_measured_categories(),
        "category_id": category_id,
        "filter": urlencode({"category": category_id}) if category_id else "",
    }
    return render(request, "public/status.html", context)
