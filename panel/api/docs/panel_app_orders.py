"""panel-app's catalogue, statistics and orders (contracts: panel-app-v1), for the reference."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from orders.catalogue import CATEGORY_ORDERS, SERVICE_ORDERS
from orders.stats import TOP
from panel.api.docs.documents import reference
from panel.api.docs.panel_app_shapes import (
    MAYBE_TEXT,
    ORDER,
    PLACED,
    SERVICE,
    TEXT,
    WHOLE,
    build_answer,
    build_list,
    build_object,
)
from panel.api.docs.panel_app_words import HIGHEST_ID, TOKEN_OR_KEY, get, number_in_path, post, query
from panel.api.docs.standard_fields import LINK
from panel.api.panel_app import catalogue, orders, stats

_WHOLE_ID = {"type": "integer", "minimum": 1, "maximum": HIGHEST_ID}


def list_catalogue_calls():
    """stats, services and categories, in the active language: nobody has to log in for them."""
    return [_describe_top_users(), _describe_top_services(), _describe_services(), _describe_categories()]


def list_order_calls():
    """order and order/{id}, in the active language."""
    return [_describe_list(), _describe_placing(), _describe_order()]


def _describe_top_users():
    row = {
        "id": 115,
        "first_name": "Ehsan",
        "last_name": stats.HIDDEN_NAME,
        "mobile": "0930****399",
        "order_count": 26,
        "custom_rate": 0,
        "amount": 11_164_220,
    }
    shape = dict.fromkeys(row, WHOLE) | {"first_name": TEXT, "last_name": TEXT, "mobile": MAYBE_TEXT}
    since = _("Unix time of the moment to count from, by whole days (UTC); 0 for ever.")
    return get(
        "top_users",
        "stats/top_users",
        stats.TopUsersView,
        _("Who spends most"),
        build_answer(
            200,
            _("The most first; amount is toman."),
            {"users": [row]},
            users=build_list(build_object(**shape)),
        ),
        parameters=(
            query("limit", _("How many."), {"type": "integer", "minimum": 1, "maximum": TOP}),
            query("offset", since, {"type": "integer", "minimum": 0, "maximum": stats.LAST_MOMENT}),
        ),
    )


def _describe_top_services():
    more = {"ids": None, "uid": None, "add_type": "api", "type": "default"}
    service = SERVICE | more | {"api_service_id": None, "api_provider_id": None}
    shape = build_object(service_id=WHOLE, count=WHOLE, service=reference("TopService"))
    rows = [{"service_id": 1, "count": 187, "service": service}]
    return get(
        "top_services",
        "stats/top_services",
        stats.TopServicesView,
        _("What is ordered most"),
        build_answer(200, _("The most ordered first."), {"services": rows}, services=build_list(shape)),
    )


def _describe_services():
    status = _("1 for those on sale, 0 for the others.")
    return get(
        "services",
        "services",
        catalogue.ServicesView,
        _("Services"),
        build_answer(
            200,
            _("price is toman for 1,000, or for one where the service is sold by the piece."),
            {"services": [SERVICE]},
            services=build_list(reference("Service")),
        ),
        _(
            "The newest first. This address is shared: to a token of happy-follower it answers as that "
            "contract."
        ),
        parameters=(
            query("cate_id", _("The services of this category only."), _WHOLE_ID),
            query("status", status, {"type": "integer", "enum": [0, 1]}),
            _describe_sorting(SERVICE_ORDERS),
            _describe_etag(),
        ),
        bodiless=_list_unchanged(),
    )


def _describe_categories():
    row = {
        "id": 1,
        "name": "Instagram",
        "desc": "",
        "image": None,
        "sort": 1,
        "status": 1,
        "changed": 1590459286,
        "created": 1590459219,
    }
    return get(
        "categories",
        "categories",
        catalogue.CategoriesView,
        _("Categories"),
        build_answer(
            200,
            _("Those that are open."),
            {"categories": [row]},
            categories=build_list(reference("Category")),
        ),
        parameters=(_describe_sorting(CATEGORY_ORDERS), _describe_etag()),
        bodiless=_list_unchanged(),
    )


def _describe_sorting(names):
    known = [*names, *(f"-{name}" for name in names)]
    return query(
        "order_by", _("What to sort by; - in front turns it around."), {"type": "string", "enum": known}
    )


def _describe_etag():
    told = _("The ETag of the list you have; 304 answers that it still holds.")
    return OpenApiParameter("If-None-Match", TEXT, "header", description=told)


def _list_unchanged():
    return ((304, _("With If-None-Match: the list you have still holds."), {}),)


def _describe_list():
    newest = {"count": orders.MAX_LISTED}
    limits = {"type": "integer", "minimum": 1, "maximum": orders.MAX_LISTED}
    offsets = {"type": "integer", "minimum": 0, "maximum": orders.MAX_OFFSET}
    return get(
        "orders",
        "order",
        orders.OrdersView,
        _("Your orders"),
        build_answer(
            200,
            _("The newest %(count)s, whichever contract they were placed through.") % newest,
            {"orders": [ORDER]},
            orders=build_list(reference("Order")),
        ),
        _("The runs of a drip-feed and the posts of a subscription are not listed one by one."),
        parameters=(
            query("limit", _("How many."), limits),
            query("offset", _("How many of the newest are left out."), offsets),
        ),
        auth=TOKEN_OR_KEY,
    )


def _describe_placing():
    order = reference("PlacedOrder")
    body = {"service_id": 1, "category_id": 1, "link": LINK, "quantity": 100}
    return post(
        "order_create",
        "order",
        orders.OrdersView,
        _("Place an order"),
        build_answer(
            201,
            _("The order; charge is what was taken, in toman."),
            {"message": orders.PLACED, "order": PLACED},
            message={"type": "string", "const": orders.PLACED},
            order=order,
        ),
        _(
            "Which fields an order needs is up to the type of its service. api_provider_id and "
            "api_service_id are ignored."
        ),
        body=(reference("OrderBody"), body),
        auth=TOKEN_OR_KEY,
        repeatable=True,
    )


def _describe_order():
    return get(
        "order",
        "order/{order_id}",
        orders.OneOrderView,
        _("Where an order stands"),
        (reference("Order"), _("The bare order: its status is the order's word."), ORDER),
        parameters=(number_in_path("order_id", _("The number of the order."), 23501),),
        auth=TOKEN_OR_KEY,
    )
