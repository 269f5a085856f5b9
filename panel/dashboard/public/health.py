"""The status page: how services were for customers in the last day, and whether the panel does its work."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Category, ServiceSpeed
from orders.speeds import list_speeds, list_troubled
from orders.standing import judge_orders
from panel.lib.standing import Standing
from panel.wallet.payments.standing import judge_payments
from sms.standing import judge_sms

PAGE_SIZE = 40
WORST = 8
_CURSOR = re.compile(r"(-?[0-9]{1,10})\.([0-9]{1,18})\.([0-9]{1,18})")
_SHOWN = Q(service__category__active=True)
LOOKS = {
    Standing.WORKING: (_("Works normally"), "circle-check", "success"),
    Standing.UNKNOWN: (_("Nothing measured lately"), "circle-help", "muted"),
    Standing.TROUBLED: (_("In trouble at times"), "triangle-alert", "warning"),
    Standing.FAILING: (_("Does not work at the moment"), "circle-x", "danger"),
}
PAUSED = (_("Paused"), "pause", "muted")
WAITING = (_("Orders wait"), "hourglass", "warning")
MANY_FAIL = (_("Many orders fail"), "triangle-alert", "danger")


@dataclass(frozen=True, slots=True)
class State:
    """How something is: always a word, an icon and a tone."""

    word: Any
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the panel that everybody depends on."""

    label: Any
    state: State
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A service's ServiceSpeed and State."""

    speed: ServiceSpeed
    state: State


@dataclass(frozen=True, slots=True)
class StatusPage:
    """`lines` in the catalogue's order; `after`: cursor of the next page, or ""; `first`: none are before."""

    lines: list
    after: str
    first: bool


def list_components():
    """The Components, each judged now by looks that cost the same however much there is."""
    judged = (
        (_("Placing and passing on orders"), judge_orders()),
        (_("SMS: codes and news"), judge_sms()),
        (_("Payments through the bank"), judge_payments()),
    )
    return [
        Component(label, State(*LOOKS[standing]), standing > Standing.UNKNOWN) for label, standing in judged
    ]


def list_worst():
    """Lines of the services on sale that are in trouble, the worst first; one more than WORST says there are more."""
    rows = list_troubled().filter(_SHOWN, service__active=True).select_related("service")
    return _write(rows[: WORST + 1])


def find_measured_at():
    """When the services were last measured, or None when none of them moved in the last day."""
    return list_speeds().aggregate(at=Max("measured_at"))["at"]


def list_measured_categories():
    """The categories whose services were measured."""
    return Category.objects.filter(active=True, pk__in=list_speeds().values("service__category_id"))


def read_status(category_id, after):
    """The StatusPage behind the cursor `after`, of one category or all (None)."""
    rows = list_speeds().filter(_SHOWN).select_related("service__category")
    if category_id is not None:
        rows = rows.filter(service__category_id=category_id)
    place = _read_cursor(after)
    if place is not None:
        rows = rows.filter(_behind(*place))
    found = list(
        rows.order_by("service__category__sort", "service__category_id", "service_id")[: PAGE_SIZE + 1]
    )
    cursor = _write_cursor(found[PAGE_SIZE - 1].service) if len(found) > PAGE_SIZE else ""
    return StatusPage(_write(found[:PAGE_SIZE]), cursor, place is None)


def _write(rows):
    return [Line(row, State(*_judge(row))) for row in rows]


def _judge(speed):
    if not speed.service.active:
        return PAUSED
    if speed.many_fail:
        return MANY_FAIL
    return WAITING if speed.waiting else LOOKS[Standing.WORKING]


def _write_cursor(service):
    return f"{service.category.sort}.{service.category_id}.{service.pk}"


def _read_cursor(text):
    """`(sort, category id, service id)`, or None for what is no cursor of ours."""
    found = _CURSOR.fullmatch(text)
    return tuple(map(int, found.groups())) if found else None


def _behind(sort, category, service):
    """Rows behind that place in the catalogue's order."""
    return (
        Q(service__category__sort__gt=sort)
        | Q(service__category__sort=sort, service__category_id__gt=category)
        | Q(service__category__sort=sort, service__category_id=category, service_id__gt=service)
    )
