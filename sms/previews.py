"""What a template will look like, and what sending it will cost, before it is saved."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from sms.models import Gateway
from sms.parts import count_parts
from sms.texts import fill_sample
from sms.variables import BadText


@dataclass(frozen=True, slots=True)
class Preview:
    """The text filled with samples; `cost` is toman for one recipient, None where no gateway tells its price.

    With a `fault` (why it can't be filled, for people) there is nothing else.
    """

    text: str = ""
    parts: int = 0
    cost: Decimal | None = None
    fault: str = ""

    @property
    def characters(self):
        return len(self.text)


def find_part_cost():
    """What the gateway that is asked first takes for a part, in toman; None without a gateway or its price."""
    costs = Gateway.objects.filter(active=True).order_by("priority", "id").values_list("part_cost", flat=True)
    return costs.first() or None


def preview_template(event, language, body, part_cost):
    """The Preview of a template's text for that event (its name), at `part_cost` toman a part or None."""
    try:
        text = fill_sample(event, language, body)
    except BadText as fault:
        return Preview(fault=describe_fault(fault))
    parts = count_parts(text)
    return Preview(text, parts, None if part_cost is None else part_cost * parts)


def describe_fault(fault):
    """A BadText in words."""
    words = {
        "braces": gettext("A brace belongs to no variable: they are written as {name}."),
        "unknown": gettext("There is no variable %(variable)s here."),
        "missing": gettext("The text has to hold %(variable)s."),
    }[fault.reason]
    return words % {"variable": f"{{{fault.variable}}}"}
