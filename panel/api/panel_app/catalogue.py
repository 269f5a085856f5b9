"""What is on sale, for everybody (contracts: panel-app-v1, services and categories).

Lists are kept rendered and known by an ETag. Strangers choose the filter: lists of one category are kept apart, so
that no walk through the categories throws away what everybody asks for.
"""

import json
from dataclasses import dataclass

from django.utils.http import parse_etags
from rest_framework.response import Response

from orders.catalogue import (
    CATEGORY_ORDERS,
    SERVICE_ORDERS,
    RenderedCatalogue,
    find_catalogue_version,
    list_categories,
    list_services,
    name_list,
)
from orders.service_types import is_dripfed
from panel.api.panel_app.base import PanelView, read_parameters, read_plain_whole, unix
from panel.api.panel_app.errors import BAD_FIELD
from panel.api.rest.fields import HIGHEST_ID
from panel.api.rest.renderers import KeptRenderer
from panel.api.rest.views import CallRefused

NEWEST_FIRST = "-id"  # as in the document's examples
# A shared path answers by token, and a filter may come in a body: what keeps an answer has to ask whether it holds.
KEPT = {"Vary": "Accept-Encoding, Authorization", "Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """Which services are asked for; its text is part of their ETag."""

    on_sale: bool
    category_id: int | None
    order: str

    def __str__(self):
        return f"{int(self.on_sale)}.{self.category_id or 'all'}.{self.order}"


class KeptView(PanelView):
    """A GET whose answer is one of a RenderedCatalogue; nobody has to say who they are."""

    http_method_names = ["get", "head"]
    authentication_classes = ()
    renderer_classes = (KeptRenderer,)

    def answer_kept(self, request, catalogue, asked):
        """The list that `asked` stands for, compressed where that is taken, or 304 for who has it already."""
        version = find_catalogue_version()
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        etag = f'"{name_list(asked, version)}{"-gzip" if zipped else ""}"'
        if etag in _read_known(request):
            return Response(status=304, headers={"ETag": etag, **KEPT})
        rendered = catalogue.get(asked, version)
        if zipped:
            headers = {"ETag": etag, "Content-Encoding": "gzip", **KEPT}
            return Response(rendered.compressed, headers=headers)
        return Response(rendered.body, headers={"ETag": etag, **KEPT})


class ServicesView(KeptView):
    """`GET services`: those on sale, or with `status` 0 the others."""

    def get(self, request):
        asked = _read_filter(read_parameters(request))
        kept = _whole_lists if asked.category_id is None else _shelves
        return self.answer_kept(request, kept, asked)


class CategoriesView(KeptView):
    """`GET categories`: those that are open."""

    def get(self, request):
        order = _read_order(read_parameters(request), CATEGORY_ORDERS)
        return self.answer_kept(request, _categories, order)


def describe_service(row, on_sale):
    """The document's keys of a row of `list_services`; `price` is toman per 1,000, or for one package."""
    return {
        "id": row["id"],
        "cate_id": row["category_id"],
        "name": row["name"],
        "desc": row["description"],
        "price": row["price"],
        "original_price": row["original_price"],
        "min": row["min"],
        "max": row["max"],
        "dripfeed": int(row["dripfeed"] and is_dripfed(row["type"])),
        "status": int(on_sale),
        "changed": unix(row["changed"]),
        "created": unix(row["created"]),
    }


def read_number(given, field, least, most):
    """The whole number in a field, or None where there is none. Raises CallRefused, which names the field."""
    if given.get(field) in (None, ""):
        return None
    number = read_plain_whole(given[field])
    if number is None or not least <= number <= most:
        raise CallRefused(400, BAD_FIELD.format(field=field))
    return number


def _read_known(request):
    """The ETags that the caller has; proxies that compress make them weak."""
    return [etag.removeprefix("W/") for etag in parse_etags(request.headers.get("If-None-Match", ""))]


def _read_filter(given):
    category_id = read_number(given, "cate_id", 1, HIGHEST_ID)
    return ServiceFilter(
        read_number(given, "status", 0, 1) != 0, category_id, _read_order(given, SERVICE_ORDERS)
    )


def _read_order(given, known):
    order = given.get("order_by")
    if order in (None, ""):
        return NEWEST_FIRST
    if not isinstance(order, str) or order.removeprefix("-") not in known:
        raise CallRefused(400, BAD_FIELD.format(field="order_by"))
    return order


def _render(**told):
    return json.dumps({"status": 200, **told}, ensure_ascii=False).encode()


def _render_services(asked):
    rows = list_services(asked.on_sale, asked.category_id, asked.order)
    return _render(services=[describe_service(row, asked.on_sale) for row in rows])


def _render_categories(order):
    return _render(categories=[_describe_category(row) for row in list_categories(order)])


def _describe_category(row):
    return {
        "id": row["id"],
        "name": row["name"],
        "desc": row["description"],
        "image": row["image"],
        "sort": row["sort"],
        "status": int(row["active"]),
        "changed": unix(row["changed"]),
        "created": unix(row["created"]),
    }


_whole_lists = RenderedCatalogue(_render_services)
_shelves = RenderedCatalogue(_render_services)
_categories = RenderedCatalogue(_render_categories)
