"""The services on sale, read in one query, and a cache of rendered lists that knows when they changed."""

import gzip
import threading
from dataclasses import dataclass

from django.db.models import Q

from orders.models import CatalogueVersion, Category, Service

SERVICE_ORDERS = ("id", "name", "price", "min", "max", "created", "changed")
CATEGORY_ORDERS = ("id", "name", "sort", "created", "changed")
_ON_SALE = Q(active=True, category__active=True)


def list_services_on_sale():
    """Rows of every service that can be ordered now, category by category, in one query.

    Each is a dict of the service's columns and `category` (its name); `price` is toman per 1,000.
    """
    return (
        Service.objects.filter(_ON_SALE)
        .order_by("category__sort", "category_id", "id")
        .values(
            "id",
            "name",
            "type",
            "description",
            "price",
            "min",
            "max",
            "refill",
            "cancel",
            "dripfeed",
            "category__name",
        )
    )


def list_services_by_kind(types_by_kind):
    """`{"id", "name"}` of the services on sale of these kinds, each in one of its types: `{kind: types}`.

    A queryset in the catalogue's order, so that it can be counted and sliced.
    """
    wanted = Q(pk=None)
    for kind, types in types_by_kind.items():
        wanted |= Q(kind=kind, type__in=types)
    return list_services_on_sale().filter(wanted).values("id", "name")


def find_service_kind(service_id):
    """`{"kind", "type", "pack_size"}` of a service, on sale or not, or None when there is none of that id."""
    return Service.objects.filter(pk=service_id).values("kind", "type", "pack_size").first()


def find_service_terms(service_id):
    """`{"type", "category_id"}` of a service, on sale or not, or None when there is none of that id."""
    return Service.objects.filter(pk=service_id).values("type", "category_id").first()


def list_services(on_sale, category_id, order):
    """Rows of the services that can be ordered now, or of those that can't, in one query; of one category or all.

    `order` is one of SERVICE_ORDERS, with `-` in front the other way round; rows alike in it go by their ids.
    """
    found = Service.objects.filter(_ON_SALE if on_sale else ~_ON_SALE)
    if category_id is not None:
        found = found.filter(category_id=category_id)
    return _sort(found, order).values(
        "id",
        "category_id",
        "name",
        "description",
        "type",
        "price",
        "original_price",
        "min",
        "max",
        "dripfeed",
        "changed",
        "created",
    )


def list_categories(order):
    """Rows of the categories that are open; `order` as in `list_services`, one of CATEGORY_ORDERS."""
    columns = ("id", "name", "description", "image", "sort", "active", "changed", "created")
    return _sort(Category.objects.filter(active=True), order).values(*columns)


def find_catalogue_version():
    """A number that every change of a category or service raises."""
    return CatalogueVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def _sort(rows, order):
    return rows.order_by(order, "-id" if order.startswith("-") else "id")


MAX_LISTS = 16  # a list of 10,000 services takes a few megabytes in every process


@dataclass(frozen=True, slots=True)
class RenderedList:
    """A rendered catalogue, plain and compressed, and the version both are known by."""

    body: bytes
    compressed: bytes
    name: str


class RenderedCatalogue:
    """Rendered lists by discount, each thrown away when the catalogue's version has moved on.

    `render(discount)` gives the bytes; whatever else makes lists differ may stand for the discount. A version is
    read before its list, so an entry can only be newer than its name says, never older.
    """

    def __init__(self, render):
        self._render = render
        self._entries = {}
        self._lock = threading.Lock()

    def get(self, discount, version):
        """The list for a discount (percent) at this version of the catalogue, rendered at most once a process."""
        known = self._entries.get(discount)
        if known and known[0] == version:
            return known[1]
        with self._lock:
            known = self._entries.get(discount)
            if not known or known[0] != version:
                body = self._render(discount)
                known = (
                    version,
                    RenderedList(body, gzip.compress(body, mtime=0), name_list(discount, version)),
                )
                while len(self._entries) >= MAX_LISTS:
                    self._entries.pop(next(iter(self._entries)))
                self._entries[discount] = known
        return known[1]


def name_list(discount, version):
    """What a RenderedList is known by; it can be told without rendering one."""
    return f"{version}-{discount}"
