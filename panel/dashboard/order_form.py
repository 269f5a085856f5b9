"""The order form: which inputs a service's type has, what they would cost, and where a refusal is shown."""

import secrets
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.pricing import charge_of
from orders.refusals import OrderRefused, Refusal, describe
from orders.service_types import TYPE_RULES, Count
from panel.lib.dates import clean_number, format_number

LABELS = {
    "link": _("Link"),
    "quantity": _("Quantity"),
    "comments": _("Comments"),
    "keywords": _("Keywords"),
    "usernames": _("Usernames"),
    "hashtags": _("Hashtags"),
    "hashtag": _("Hashtag"),
    "username": _("Username"),
    "media": _("Media link"),
    "answer_number": _("Answer number"),
    "groups": _("Groups"),
    "country": _("Country"),
    "device": _("Device"),
    "type_of_traffic": _("Type of traffic"),
    "google_keyword": _("Google keyword"),
    "referring_url": _("Referring address"),
    "description": _("Text of the ad"),
}
NUMBERS = ("quantity", "answer_number")
CONTROLS = dict.fromkeys(NUMBERS, "number") | {"description": "paragraph"}
CODES = (*NUMBERS, "link", "username", "media", "referring_url")  # written left to right in every language
# Refusals about the count stand under whatever the type is counted by.
_COUNT_REFUSALS = (Refusal.QUANTITY_LOW, Refusal.QUANTITY_HIGH)


@dataclass(frozen=True, slots=True)
class FormField:
    """One input, with its `error` beneath; `control` is text, number, lines (one entry a line) or paragraph."""

    name: str
    label: str
    control: str
    value: str
    error: str
    required: bool

    @property
    def left_to_right(self):
        return self.name in CODES


def new_form_key():
    """A random name for one form, sent with it: sent twice, it still makes one order."""
    return secrets.token_urlsafe(18)


def is_piece(service):
    """Whether one order of the service is one piece at its price, whatever its size."""
    return TYPE_RULES[service.type].count is Count.PIECE


def field_names(service):
    """The fields of the service's type in the order of the form."""
    rule = TYPE_RULES[service.type]
    counted = ("quantity",) if rule.count is Count.QUANTITY else ()
    link = ("link",) if rule.link else ()
    return (*link, *rule.needs, *rule.one_of, *counted)


def read_values(service, data):
    """What `data` (a QueryDict) says for the fields of the service's type; numbers in Latin digits."""
    values = {name: data.get(name, "").strip() for name in field_names(service)}
    return values | {name: clean_number(values[name]) for name in NUMBERS if name in values}


def build_fields(service, values, refused=None):
    """The FormFields of the service's type with `values` kept, and the refusal's sentence under its field."""
    rule = TYPE_RULES[service.type]
    place = _place_of(service, refused)
    return [
        FormField(
            name=name,
            label=label_of(service, name),
            control=_control_of(rule, name),
            value=values.get(name, ""),
            error=describe_refusal(service, refused) if name == place else "",
            required=name not in rule.one_of,
        )
        for name in field_names(service)
    ]


def _control_of(rule, name):
    if name in rule.lists:
        return "lines"
    return CONTROLS.get(name, "text")


def label_of(service, name):
    """What the field is called for people."""
    if name == "link" and service.link_format == service.LinkFormat.URL_OR_USERNAME:
        return _("Link or username")
    return LABELS[name]


def form_error(service, refused):
    """The refusal's sentence when it belongs to no field of the form, else ""."""
    if refused is None or _place_of(service, refused):
        return ""
    return describe_refusal(service, refused)


def describe_refusal(service, refused):
    """The refusal in the page's language, with the field's label and the limit in its digits."""
    from_form = service is not None and refused.field in field_names(service)
    field = label_of(service, refused.field) if from_form else refused.field
    limit = None if refused.limit is None else format_number(refused.limit, get_language())
    return describe(OrderRefused(refused.code, field=field, limit=limit, example=refused.example))


def preview_charge(service, values, discount):
    """`(count, charge in toman)` of what is filled in so far, or None while the count can't be read."""
    rule = TYPE_RULES[service.type]
    if rule.count is Count.PIECE:
        return 1, charge_of(service, 1, discount)
    if rule.count is Count.LINES:
        count = sum(1 for line in values[rule.counted].splitlines() if line.strip())
    else:
        text = values["quantity"]
        count = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
    return (count, charge_of(service, count, discount)) if count else None


def _place_of(service, refused):
    if refused is None:
        return ""
    rule = TYPE_RULES[service.type]
    if refused.code in _COUNT_REFUSALS:
        return rule.counted or ("quantity" if rule.count is Count.QUANTITY else "")
    return refused.field if refused.field in field_names(service) else ""
