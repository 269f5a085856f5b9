"""The order form. It works as plain pages; htmx only exchanges the parts that change."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orders.favourites import TooManyFavourites, add_favourite, list_favourites, remove_favourite
from orders.models import Order
from orders.refusals import OrderRefused, PriceRose, Refusal
from orders.services import place_order
from panel.dashboard import catalogue, order_form
from panel.dashboard.access import customer_required
from panel.dashboard.order_page import describe_choice, describe_form, describe_price
from panel.dashboard.order_prices import find_agreed
from panel.dashboard.reordering import find_former, read_former
from panel.lib.dates import read_digits
from panel.lib.form_keys import read_form_key

UNKNOWN = OrderRefused(Refusal.SERVICE_UNKNOWN)
PLACED = "order-placed"  # the event by which the page around a form hears of its order


@customer_required
def new_order(request):
    """The form (GET; `from` fills it in as an order of the customer's was), and placing what it says (POST)."""
    if request.method == "POST":
        return _place(request)
    former = find_former(request.user.pk, request.GET.get("from"))
    if former is not None:
        service = catalogue.find_service(str(former.service_id))
        return _show(request, service, read_former(former), None if service else UNKNOWN, status=200)
    service = catalogue.find_service(request.GET.get("service"))
    return _show(request, service, {"link": request.GET.get("link", "")})


@require_GET
@customer_required
def search(request):
    """The options of the service list for the category and words asked for."""
    service = catalogue.find_service(request.GET.get("service"))
    return render(request, "dashboard/service_options.html", describe_choice(request, service))


@require_GET
@customer_required
def show_fields(request):
    """The part of the form that depends on the service."""
    service = catalogue.find_service(request.GET.get("service"))
    return _show_part(request, service, {})


@require_POST
@customer_required
def show_price(request):
    """What the order would cost as filled in so far, and what to know before placing it."""
    service = catalogue.find_service(request.POST.get("service"))
    values = order_form.read_values(service, request.POST) if service else {}
    return render(request, "dashboard/order_price.html", describe_price(request, service, values))


@require_POST
@customer_required
def switch_favourite(request):
    """Put a star on the service, or take it away with `keep=no`; the star alone comes back as a fragment."""
    service = catalogue.find_service(request.POST.get("service"))
    error = ""
    if service is not None and request.POST.get("keep") == "no":
        remove_favourite(request.user.pk, service.pk)
    elif service is not None:
        try:
            add_favourite(request.user.pk, service.pk)
        except TooManyFavourites:
            error = _("You have too many favourites. Take the star from one of them first.")
    if request.htmx:
        starred = service is not None and service.pk in list_favourites(request.user.pk)
        context = {"service": service, "is_starred": starred, "star_error": error}
        return render(request, "dashboard/favourite.html", context)
    if error:
        messages.error(request, error)
    return redirect(_address_of(service=service.pk) if service else "dashboard:new_order")


def _place(request):
    service = catalogue.find_service(request.POST.get("service"))
    if service is None:
        return _show(request, None, {}, UNKNOWN)
    values = order_form.read_values(service, request.POST)
    key = read_form_key(request)
    if "check" in request.POST:
        return _show(request, service, values, form_key=key)
    try:
        # The prefix keeps forms apart from the Idempotency-Keys that the customer's own programs choose.
        placed = place_order(
            request.user.pk,
            Order.Channel.DASHBOARD,
            service.pk,
            order_form.translate_day(values),
            idempotency_key=f"form:{key}",
            at_most=find_agreed(service, values, request.POST),
        )
    except PriceRose as rose:
        request.user.refresh_from_db(fields=["discount", "level_discount"])
        service = catalogue.find_service(str(service.pk))
        return _show(request, service, values, rose if service else UNKNOWN, form_key=key)
    except OrderRefused as refused:
        fresh = refused.code is Refusal.KEY_REUSED
        return _show(request, service, values, refused, form_key="" if fresh else key)
    if request.htmx:
        context = {"service": service, "placed": _find_placed(request, placed.order_id), "told": True}
        response = render(request, "dashboard/order_fields.html", context)
        response.headers["HX-Trigger"] = PLACED
        return response
    return redirect(_address_of(service=service.pk, placed=placed.order_id))


def _show(request, service, values, refused=None, form_key="", status=None):
    """The whole page, or the part that depends on the service where a fragment sent the form."""
    if request.htmx:
        return _show_part(request, service, values, refused, form_key)
    context = describe_choice(request, service) | describe_form(request, service, values, refused, form_key)
    placed = _find_placed(request, read_digits(request.GET.get("placed", "")))
    return render(
        request,
        "dashboard/new_order.html",
        context | {"placed": placed},
        status=status or (422 if refused else 200),
    )


def _show_part(request, service, values, refused=None, form_key=""):
    """A fragment is answered with 200 whatever it says: htmx shows nothing else."""
    context = describe_form(request, service, values, refused, form_key)
    context["is_starred"] = service is not None and service.pk in list_favourites(request.user.pk)
    return render(request, "dashboard/order_fields.html", context)


def _find_placed(request, order_id):
    """The customer's own order that was just placed, or None."""
    if order_id is None:
        return None
    return Order.objects.filter(pk=order_id, customer_id=request.user.pk).first()


def _address_of(**query):
    return f"{reverse('dashboard:new_order')}?{urlencode(query)}"
