"""The URL map, walked by itself: every address of the panel, whoever it belongs to."""

import re
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

from panel.middleware import is_api_path

ADMIN = "admin/"
_SLOT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the URL map: its route as it is written, its name, its view, and the names of its slots."""

    route: str
    name: str
    view: object
    slots: tuple[str, ...]

    @property
    def is_for_programs(self):
        """Whether an API answers there, without browsers' middleware."""
        return is_api_path(f"/{self.route.removeprefix('^')}")

    def fill(self, values):
        """The path with `values` (by slot) in it."""
        path = _SLOT.sub(lambda found: str(values[found[1] or found[2]]), self.route)
        return "/" + path.removeprefix("^").removesuffix("$").removesuffix("/?")


def list_addresses():
    """All addresses but the admin's (tests/panel/staff/doors.py has those)."""
    return [one for one in _walk(get_resolver()) if not one.route.startswith(ADMIN)]


def list_pages():
    """Those that browsers call."""
    return [one for one in list_addresses() if not one.is_for_programs]


def list_admin_paths():
    """Paths of the admin's pages, every slot filled with a number that no row has."""
    found = [one for one in _walk(get_resolver()) if one.route.startswith(ADMIN)]
    return [one.fill(dict.fromkeys(one.slots, "999999999")) for one in found if "(?P<url>" not in one.route]


def _walk(resolver, before=""):
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            slots = tuple(found[1] or found[2] for found in _SLOT.finditer(route))
            yield Address(route, one.name or "", one.callback, slots)
        else:
            yield from _walk(one, route)
