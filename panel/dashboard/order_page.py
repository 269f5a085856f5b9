"""What the pages with an order form show: the choice of a service, what it offers, its fields, price and warnings."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.favourites import list_favourites
from orders.link_use import LinkUse, find_link_use
from orders.refusals import OrderRefused, PriceRose, Refusal
from orders.service_search import read_index
from orders.speeds import find_speed
from panel.dashboard import catalogue, order_form
from panel.dashboard.context import read_own_balance
from panel.dashboard.order_prices import preview_charge
from panel.lib.dates import format_number, read_digits
from panel.lib.form_keys import new_form_key


@dataclass(frozen=True, slots=True)
class Warnings:
    """What a customer should know before ordering: `missing` toman, and what already runs on the link."""

    missing: int
    link_use: LinkUse | None


def describe_choice(request, service=None):
    """What the upper form was asked for, and the services found for it; `starred` are those at hand."""
    asked = request.GET
    category_id = read_digits(asked.get("category", ""))
    words = asked.get("q", "").replace("\x00", "").strip()[:100]
    favourites = list_favourites(request.user.pk)
    index = read_index()
    found = catalogue.search_services(index, category_id, words, favourites)
    rows = [row for row in found if service is None or row.pk != service.pk]
    return {
        "categories": index.shelves,
        "category_id": category_id,
        "words": words,
        "service": service,
        "starred": [row for row in rows if row.pk in favourites],
        "found": [row for row in rows if row.pk not in favourites],
        "full": len(found) == catalogue.SEARCH_LIMIT,
        "empty": not found,
        "is_starred": service is not None and service.pk in favourites,
    }


def describe_form(request, service, values, refused=None, form_key=""):
    """The form of the service with `values` filled in; `refused` is an OrderRefused or PriceRose, if there is one."""
    if service is None:
        return {"service": None, "error": order_form.describe_refusal(None, refused) if refused else ""}
    faulty = refused if isinstance(refused, OrderRefused) else None
    fields = order_form.build_fields(service, values, faulty)
    complete = {name: values.get(name, "") for name in order_form.field_names(service)}
    return {
        "fields": [field for field in fields if field.name not in order_form.DRIP_FEED],
        "drip_fields": [field for field in fields if field.name in order_form.DRIP_FEED],
        "description": catalogue.describe_service(service),
        "piece": order_form.is_piece(service),
        "drips": order_form.offers_drip_feed(service),
        "speed": find_speed(service.pk),
        "form_key": form_key or new_form_key(),
        "error": _describe_rise(refused) or order_form.form_error(service, faulty),
        "no_funds": faulty is not None and faulty.code is Refusal.FUNDS,
    } | describe_price(request, service, complete)


def describe_price(request, service, values):
    """What is filled in would cost, and what stands in its way."""
    discount = request.user.percent_off
    context = {"service": service, "discount": discount, "preview": None, "warnings": None}
    if service is None:
        return context
    preview = preview_charge(service, values, discount)
    missing = max(0, preview.charge - read_own_balance(request)) if preview else 0
    link_use = find_link_use(request.user.pk, service, values.get("link", ""))
    return context | {
        "preview": preview,
        "warnings": Warnings(missing, link_use),
        "subscription": order_form.is_subscription(service),
    }


def _describe_rise(refused):
    if not isinstance(refused, PriceRose):
        return ""
    words = _(
        "The price has risen since this form was opened: it is %(amount)s toman now. Nothing was charged. Place the"
        " order again if you agree."
    )
    return words % {"amount": format_number(refused.charge, get_language())}
