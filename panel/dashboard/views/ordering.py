"""The order form. It works as plain pages; htmx only exchanges the parts that change."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from orders.models import Order
from orders.refusals import OrderRefused, Refusal
from orders.services import place_order
from panel.dashboard import catalogue, order_form
from panel.dashboard.access import customer_required
from panel.lib.dates import read_digits

FORM_KEY_LENGTH = 64


@customer_required
def new_order(request):
    """The form (GET), and placing what it says (POST)."""
    if request.method == "POST":
        return _place(request)
    service = catalogue.find_service(request.GET.get("service"))
    return _show(request, service, {"link": request.GET.get("link", "")})


@require_GET
@customer_required
def search(request):
    """The options of the service list for the category and words asked for."""
    return render(request, "dashboard/service_options.html", _read_choice(request))


@require_GET
@customer_required
def show_fields(request):
    """The part of the form that depends on the service."""
    service = catalogue.find_service(request.GET.get("service"))
    return render(request, "dashboard/order_fields.html", _describe_form(request, service, {}))


@require_POST
@customer_required
def show_price(request):
    """What the order would cost as filled in so far."""
    service = catalogue.find_service(request.POST.get("service"))
    values = order_form.read_values(service, request.POST) if service else {}
    return render(request, "dashboard/order_price.html", _price(request, service, values))


def _place(request):
    service = catalogue.find_service(request.POST.get("service"))
    if service is None:
        return _show(request, None, {}, OrderRefused(Refusal.SERVICE_UNKNOWN))
    values = order_form.read_values(service, request.POST)
    key = request.POST.get("form_key", "")[:FORM_KEY_LENGTH] or order_form.new_form_key()
    asked = order_form.translate_day(values)
    try:
        # The prefix keeps forms apart from the Idempotency-Keys that the customer's own programs choose.
        placed = place_order(
            request.user.pk, Order.Channel.DASHBOARD, service.pk, asked, idempotency_key=f"form:{key}"
        )
    except OrderRefused as refused:
        fresh = refused.code is Refusal.KEY_REUSED
        return _show(request, service, values, refused, form_key="" if fresh else key)
    query = urlencode({"service": service.pk, "placed": placed.order_id})
    return redirect(f"{reverse('dashboard:new_order')}?{query}")


def _show(request, service, values, refused=None, form_key=""):
    context = _read_choice(request, service) | _describe_form(request, service, values, refused, form_key)
    context |= {"categories": catalogue.list_categories(), "placed": _find_placed(request)}
    return render(request, "dashboard/new_order.html", context, status=422 if refused else 200)


def _read_choice(request, service=None):
    """What the upper form was asked for, and the services found for it."""
    asked = request.GET
    category_id = read_digits(asked.get("category", ""))
    words = asked.get("q", "").replace("\x00", "").strip()[:100]
    service = service or catalogue.find_service(asked.get("service"))
    found = catalogue.search_services(category_id, words)
    return {
        "category_id": category_id,
        "words": words,
        "service": service,
        "found": [row for row in found if service is None or row.pk != service.pk],
        "full": len(found) == catalogue.SEARCH_LIMIT,
        "empty": not found,
    }


def _describe_form(request, service, values, refused=None, form_key=""):
    context = {"service": service, "discount": request.user.percent_off}
    if service is None:
        return context | {"error": order_form.describe_refusal(None, refused) if refused else ""}
    fields = order_form.build_fields(service, values, refused)
    context |= {
        "fields": [field for field in fields if field.name not in order_form.DRIP_FEED],
        "drip_fields": [field for field in fields if field.name in order_form.DRIP_FEED],
        "description": catalogue.describe_service(service),
        "piece": order_form.is_piece(service),
        "form_key": form_key or order_form.new_form_key(),
        "error": order_form.form_error(service, refused),
        "no_funds": refused is not None and refused.code is Refusal.FUNDS,
    }
    complete = {name: values.get(name, "") for name in order_form.field_names(service)}
    return context | _price(request, service, complete)


def _price(request, service, values):
    preview = order_form.preview_charge(service, values, request.user.percent_off) if service else None
    return {
        "service": service,
        "preview": preview,
        "subscription": service is not None and order_form.is_subscription(service),
    }


def _find_placed(request):
    """The customer's own order that the address says was just placed, or None."""
    order_id = read_digits(request.GET.get("placed", ""))
    if order_id is None:
        return None
    return Order.objects.filter(pk=order_id, customer_id=request.user.pk).first()
