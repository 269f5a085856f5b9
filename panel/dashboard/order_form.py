"""The order form: which inputs a service's type has, and where a refusal is shown."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.refusals import OrderRefused, Refusal, describe
from orders.service_types import TYPE_RULES, Count, is_dripfed
from panel.lib.dates import clean_number, format_moment, format_number, read_day

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
    "runs": _("Number of runs"),
    "interval": _("Minutes between runs"),
    "min": _("Least for a post"),
    "max": _("Most for a post"),
    "posts": _("Number of posts"),
    "old_posts": _("Of these, already published"),
    "delay": _("Minutes to wait after a post"),
    "expiry": _("Last day"),
}
DRIP_FEED = ("runs", "interval")
NUMBERS = ("quantity", "answer_number", *DRIP_FEED, "min", "max", "posts", "old_posts", "delay")
CONTROLS = dict.fromkeys(NUMBERS, "number") | {"description": "paragraph"}
# Written left to right in every language.
CODES = (*NUMBERS, "link", "username", "media", "referring_url", "expiry")
# Refusals about the count stand under whatever the type is counted by.
_COUNT_REFUSALS = (Refusal.QUANTITY_LOW, Refusal.QUANTITY_HIGH)
EXAMPLE_DAYS = 30  # from today to the day that the form gives as an example


@dataclass(frozen=True, slots=True)
class FormField:
    """One input, with its `error` or else its `hint` beneath; `note` stands beside the label.

    `control` is text, number, lines (one entry a line) or paragraph.
    """

    name: str
    label: str
    control: str
    value: str
    error: str
    hint: str
    note: str
    required: bool

    @property
    def left_to_right(self):
        return self.name in CODES


def is_piece(service):
    """Whether one order of the service is one piece at its price, whatever its size."""
    return TYPE_RULES[service.type].count is Count.PIECE


def is_subscription(service):
    """Whether orders of the service follow a username's posts."""
    return TYPE_RULES[service.type].count is Count.POSTS


def offers_drip_feed(service):
    """Whether an order of the service can be done run by run."""
    return service.dripfeed and is_dripfed(service.type)


def field_names(service):
    """The fields of the service's type in the order of the form."""
    rule = TYPE_RULES[service.type]
    counted = ("quantity",) if rule.count is Count.QUANTITY else ()
    link = ("link",) if rule.link else ()
    runs = DRIP_FEED if offers_drip_feed(service) else ()
    return (*link, *rule.needs, *rule.one_of, *rule.optional, *counted, *runs)


def read_values(service, data):
    """What `data` (a QueryDict) says for the fields of the service's type; numbers in Latin digits."""
    values = {name: data.get(name, "").strip() for name in field_names(service)}
    return values | {name: clean_number(values[name]) for name in NUMBERS if name in values}


def translate_day(values):
    """The values as placing reads them: the day of expiry as `d/m/Y`, in whatever way it was typed.

    What is no day stays as it is, for placing to refuse.
    """
    try:
        day = read_day(values.get("expiry", ""))
    except ValueError:
        return values
    return values | {"expiry": f"{day.day}/{day.month}/{day.year}"}


def build_fields(service, values, refused=None):
    """The FormFields of the service's type with `values` kept, and the refusal's sentence under its field."""
    rule = TYPE_RULES[service.type]
    place = _place_of(service, refused)
    optional = (*rule.one_of, *rule.optional, *DRIP_FEED)
    return [
        FormField(
            name=name,
            label=label_of(service, name),
            control=_control_of(rule, name),
            value=values.get(name, ""),
            error=describe_refusal(service, refused) if name == place else "",
            hint=_hint_of(rule, name),
            note=_note_of(rule, name),
            required=name not in optional,
        )
        for name in field_names(service)
    ]


def _control_of(rule, name):
    if name in rule.lists:
        return "lines"
    return CONTROLS.get(name, "text")


def _note_of(rule, name):
    if name in rule.one_of:
        return _("(one of the two)")
    return _("(optional)") if name in rule.optional else ""


def _hint_of(rule, name):
    language = get_language()
    if name in rule.lists:
        return _("One a line")
    if name == "posts":
        posts = format_number(settings.SUBSCRIPTION_POSTS, language)
        return _t("%(number)s when left empty") % {"number": posts}
    if name == "expiry":
        day = format_moment(timezone.now() + timedelta(days=EXAMPLE_DAYS), language).split()[0]
        return _t("For example %(day)s") % {"day": day}
    return ""


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
    if refused.code is Refusal.FIELD_BAD and limit is not None:
        return _t("“%(field)s” can be %(limit)s at most.") % {"field": field, "limit": limit}
    return describe(OrderRefused(refused.code, field=field, limit=limit, example=refused.example))


def _place_of(service, refused):
    if refused is None:
        return ""
    if refused.field in field_names(service):
        return refused.field
    return TYPE_RULES[service.type].counted if refused.code in _COUNT_REFUSALS else ""
