"""The services on sale, read in one query, and a cache of rendered lists that knows when they changed."""

import gzip
import threading
from dataclasses import dataclass

from django.db.models import Q

from orders.models import Service


def list_services_on_sale():
    """Rows of every service that can be ordered now, category by category, in one query.

    Each is a dict of the service's columns and `category` (its name); `price` is toman per 1,000.
    """
    return (
        Service.objects.filter(active=True, category__active=True)
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


MAX_LISTS = 16  # a list of 10,000 services takes a few megabytes in every process


@dataclass(frozen=True, slots=True)
class RenderedList:
    """A rendered catalogue, plain and compressed, and the version both are known by."""

    body: bytes
    compressed: bytes
    name: str


class RenderedCatalogue:
    """Rendered lists by discount, each thrown away when the catalogue's version has moved on.

    `render(discount)` gives the bytes. A version is read before its list, so an entry can only be newer than
    its name says, never older.
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
                known = (version, RenderedList(body, gzip.compress(body, mtime=0), f"{version}-{discount}"))
                while len(self._entries) >= MAX_LISTS:
                    self._entries.pop(next(iter(self._entries)))
                self._entries[discount] = known
        return known[1]
