"""The price list, for visitors and customers, and the page of one service."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.service_search import read_index
from panel.dashboard import catalogue
from panel.dashboard.public.offers import describe_offer, list_offers
from panel.lib.dates import read_digits

MAX_WORDS = 100


@never_cache
@require_safe
def list_services(request):
    """A page of the list, by category and words; asked for as a fragment it is the list alone."""
    category_id = read_digits(request.GET.get("category", ""))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_WORDS]
    after = read_digits(request.GET.get("after", ""))
    asked = {"category": category_id or "", "q": words}
    context = {
        "page": list_offers(words, category_id, after, _read_discount(request)),
        "category_id": category_id,
        "words": words,
        "filter": urlencode({name: value for name, value in asked.items() if value != ""}),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "public/services_list.html", context)
    return render(request, "public/services.html", context | {"categories": read_index().shelves})


@never_cache
@require_safe
def show_service(request, service_id):
    """What one service is, costs and takes."""
    service = catalogue.find_service(str(service_id))
    if service is None:
        raise Http404
    context = {
        "offer": describe_offer(service, _read_discount(request)),
        "description": catalogue.describe_service(service),
    }
    return render(request, "public/service.html", context)


def _read_discount(request):
    """The reader's own discount in percent; visitors have none."""
    return request.user.percent_off if request.user.is_authenticated else 0
