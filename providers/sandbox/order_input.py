"""Reading the fields of `add`: what each type of the standard API asks for, checked as upstreams check it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.sandbox.catalogue import COUNTED_LISTS, FIELDS, PIECE_TYPES, SERVICES, Service

MAX_DIGITS = 12
MAX_LINK = 2000


class RefusalError(Exception):
    """The request is refused; the text is the contract's `error`."""


@dataclass(frozen=True, slots=True)
class OrderInput:
    """A valid order: `target` is its link, or its username where the type has no link."""

    service: Service
    target: str
    quantity: int


def read_order_input(params: Mapping[str, str]) -> OrderInput:
    """Check the fields of `add`. Raises RefusalError with the contract's words."""
    service = SERVICES.get(read_number(params.get("service", ""), "Incorrect service ID"))
    if service is None or service.type not in FIELDS:
        raise RefusalError("Incorrect service ID")
    target = _read_target(service, params)
    if any(not params.get(name, "").strip() for name in FIELDS[service.type]):
        raise RefusalError("Incorrect request")
    if service.type == "Web Traffic" and not (params.get("google_keyword") or params.get("referring_url")):
        raise RefusalError("Incorrect request")
    quantity = _read_quantity(service, params)
    return OrderInput(service, target, quantity * _read_runs(service, params))


def read_number(text: str, error: str = "Incorrect request") -> int:
    """A whole number above -1 in Latin digits. Raises RefusalError with `error` for anything else."""
    number = parse_whole(text)
    if number is None:
        raise RefusalError(error)
    return number


def parse_whole(value: Any) -> int | None:
    """A whole number above -1 from a number or a text in Latin digits; None for anything else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def is_link(text: str) -> bool:
    """Whether upstreams would take this for a link: one printable word, not too long."""
    printable = all(letter.isprintable() and not letter.isspace() for letter in text)
    return 0 < len(text) <= MAX_LINK and printable


def read_ids(text: str) -> list[int]:
    """Comma-separated ids, at most 100; what is no id becomes 0, which names nothing. Raises RefusalError."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 100:
        raise RefusalError("Incorrect request")
    return [parse_whole(part) or 0 for part in parts]


def _read_target(service: Service, params: Mapping[str, str]) -> str:
    if "link" not in FIELDS[service.type]:
        return params.get("username", "").strip()
    link = params.get("link", "").strip()
    if not is_link(link):
        raise RefusalError("Incorrect link")
    return link


def _read_quantity(service: Service, params: Mapping[str, str]) -> int:
    if service.type in PIECE_TYPES:
        return 1
    if service.type == "Subscriptions":
        least, most = read_number(params["min"]), read_number(params["max"])
        _check_bounds(service, least)
        _check_bounds(service, most)
        if least > most:
            raise RefusalError("Incorrect request")
        return most * max(read_number(params.get("posts") or "1"), 1)
    if service.type in COUNTED_LISTS:
        lines = params[COUNTED_LISTS[service.type]].splitlines()
        quantity = sum(1 for line in lines if line.strip())
    else:
        quantity = read_number(params["quantity"])
    _check_bounds(service, quantity)
    return quantity


def _check_bounds(service: Service, quantity: int) -> None:
    if quantity < service.min:
        raise RefusalError(f"Quantity less than minimal {service.min}")
    if quantity > service.max:
        raise RefusalError(f"Quantity more than maximum {service.max}")


def _read_runs(service: Service, params: Mapping[str, str]) -> int:
    runs, interval = params.get("runs"), params.get("interval")
    if not runs and not interval:
        return 1
    counts = [read_number(runs or ""), read_number(interval or "")]
    if not service.dripfeed or not math.prod(counts):
        raise RefusalError("Incorrect request")
    return counts[0]
