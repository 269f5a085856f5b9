"""The form that a campaign is made with: read, counted while typing, and told what is wrong with it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from campaigns.models.classes import TEXTS
from campaigns.refusals import Refusal, describe
from campaigns.texts import MOST
from panel.lib.dates import clean_number, read_digits

LONGEST = 2_000  # characters of any field that are read
LABELS = {
    "description": lambda: _("Description"),
    "phone": lambda: _("Phone number"),
    "website": lambda: _("Website"),
    "address": lambda: _("Address"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says, nothing of it judged yet."""

    class_id: int | None = None
    target_url: str = ""
    budget: str = ""
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def amount(self):
        """The budget as a number, None when it is none."""
        return read_digits(clean_number(self.budget).strip())


@dataclass(frozen=True, slots=True)
class TextField:
    """An input for a text that a campaign of the class may carry."""

    name: str
    label: str
    longest: int
    value: str
    error: str


def read_wish(data):
    """The Wish in a QueryDict; NUL, which no browser sends, is left out because PostgreSQL takes none."""

    def read(name):
        return data.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:LONGEST]

    texts = {name: read(name) for name in TEXTS}
    return Wish(read_digits(read("campaign_class")), read("target_url"), read("budget"), texts)


def find_chosen(classes, wish):
    """The class of the list that was chosen; the first one where none was; None for one that is not there."""
    if wish.class_id is None:
        return classes[0] if classes else None
    return next((row for row in classes if row.pk == wish.class_id), None)


def describe_texts(campaign_class, wish, errors):
    """A TextField for each text that a campaign of the class may carry."""
    allowed = [name for name in TEXTS if campaign_class is not None and campaign_class.texts[name]]
    return [
        TextField(name, LABELS[name](), MOST[name], wish.texts.get(name, ""), errors.get(name, ""))
        for name in allowed
    ]


def count_wish(campaign_class, wish):
    """How many likes the budget pays for so far, and what of it is too little for one more; None, None if unknown."""
    if campaign_class is None or wish.amount is None:
        return None, None
    return divmod(wish.amount, campaign_class.campaign_value)


def place_refusal(refused):
    """`{field: sentence}` of a CampaignRefused; "form" is for what belongs to no field."""
    if refused.code is Refusal.UNKNOWN:
        return {"campaign_class": _("Choose what it is paid with: this kind is not offered any more.")}
    return {refused.field or "form": describe(refused)}
