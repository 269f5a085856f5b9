"""What the list of orders is asked for: read from an address, told as chips, kept as typed where it can't be read."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Service
from orders.searching import (
    DRIP_FEED,
    KINDS,
    OPEN,
    PLANS,
    SUBSCRIPTION,
    OrderFilter,
    has_order,
    list_used_services,
)
from panel.lib.dates import format_date, read_day, read_digits, to_latin_digits
from panel.lib.tehran_days import find_today, start_of

NAMES = ("status", "kind", "service", "q", "since", "until")
MAX_WORDS = 200
STATUSES = [(OPEN, _("not ended")), *Order.Status.choices]
KIND_WORDS = [(PLANS, _("both")), (DRIP_FEED, _("drip-feed")), (SUBSCRIPTION, _("subscription"))]
LABELS = {
    "status": _("Status"),
    "kind": _("In parts"),
    "service": _("Service"),
    "q": _("Link or order number"),
    "since": _("From"),
    "until": _("To"),
}
SERVICES_SHOWN = 20
YEARS = range(1990, 2200)
EXAMPLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter, and the query of the address without it."""

    label: Any
    value: str
    rest: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`texts`: what was asked for, by name, as typed. `errors`: `{name: sentence}` of what can't be read."""

    texts: dict
    wanted: OrderFilter
    service: Service | None = None
    errors: dict = field(default_factory=dict)

    @property
    def query(self):
        """For an address, without the page."""
        return urlencode(self.texts)

    @property
    def has_more(self):
        """Whether anything is asked for beside status and words."""
        return bool(self.texts.keys() - {"status", "q"})

    @property
    def chips(self):
        """The Chips of what is asked for and could be read."""
        shown = [name for name in self.texts if name not in self.errors]
        return [Chip(LABELS[name], self._tell(name), self._without(name)) for name in shown]

    def _without(self, gone):
        return urlencode({name: text for name, text in self.texts.items() if name != gone})

    def _tell(self, name):
        text = self.texts[name]
        if name == "service":
            return self.service.name
        if name in ("status", "kind"):
            return capfirst(dict([*STATUSES, *KIND_WORDS])[text])
        return format_date(_read_date(text), get_language()) if name in ("since", "until") else text


def read_choice(customer_id, data):
    """The Choice that `data` (a QueryDict or dict) asks for; values that no form sends are left out."""
    given = {name: data.get(name, "").replace("\0", "").strip()[:MAX_WORDS] for name in NAMES}
    texts = {name: text for name, text in given.items() if text}
    if texts.get("status") not in dict(STATUSES):
        texts.pop("status", None)
    if texts.get("kind") not in KINDS:
        texts.pop("kind", None)
    service = _find_service(customer_id, texts.get("service"))
    if service is None:
        texts.pop("service", None)
    days, errors = _read_days(texts)
    wanted = OrderFilter(
        status=texts.get("status", ""),
        kind=texts.get("kind", ""),
        service_id=service and service.pk,
        **_read_words(customer_id, texts.get("q", "")),
        **days,
    )
    return Choice(texts, wanted, service, errors)


def search_used_services(customer_id, words):
    """The first 20 services of the customer's latest orders with every word in the name, or with that number."""
    found = Service.objects.filter(pk__in=list_used_services(customer_id))
    number = read_digits(to_latin_digits(words).strip())
    named = Q()
    for word in words.split():
        named &= Q(name__icontains=word)
    if number is not None:
        named |= Q(pk=number)
    return list(found.filter(named).order_by("name", "pk")[:SERVICES_SHOWN])


def give_example():
    """A day as one may type it, in the page's calendar and digits."""
    return format_date(find_today() - timedelta(days=EXAMPLE_DAYS), get_language())


def _find_service(customer_id, text):
    """The service of that number; one that is no longer on sale only for those who ordered it."""
    number = read_digits(to_latin_digits(text or ""))
    service = None if number is None else Service.objects.filter(pk=number).first()
    if service is None or service.active or service.pk in list_used_services(customer_id):
        return service
    return None


def _read_words(customer_id, words):
    """A number is an order's, or where the customer has none of that number, a part of the link."""
    number = read_digits(to_latin_digits(words).removeprefix("#").strip())
    if number is not None and (words.startswith("#") or has_order(customer_id, number)):
        return {"order_id": number}
    return {"words": words}


def _read_days(texts):
    moments, errors = {}, {}
    for name, more in (("since", 0), ("until", 1)):
        if name not in texts:
            continue
        try:
            day = _read_date(texts[name])
        except ValueError:
            errors[name] = _t("“%(text)s” is no date. Write it like %(example)s.") % {
                "text": texts[name],
                "example": give_example(),
            }
        else:
            moments[name] = start_of(day + timedelta(days=more))
    if len(moments) == 2 and moments["since"] >= moments["until"]:
        errors["until"] = _t("The last day is before the first one.")
    return moments, errors


def _read_date(text):
    day = read_day(text.replace("-", "/").replace(".", "/"))
    if day.year not in YEARS:
        raise ValueError(f"no day of ours: {text!r}")
    return day
