"""Inputs of the SMS form that depend on a pattern or on the day."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language

from panel.dashboard.sms.writing import VALUE
from panel.lib.dates import format_moment
from sms.patterns import MAX_VALUE, read_variables


@dataclass(frozen=True, slots=True)
class ValueField:
    """The input for a variable of a pattern, with what was filled in."""

    name: str
    label: str
    value: str
    longest: int = MAX_VALUE


def describe_values(pattern, values):
    """A ValueField for each variable of the pattern; none without a pattern."""
    names = read_variables(pattern.body) if pattern else ()
    return [ValueField(f"{VALUE}{name}", name, values.get(name, "")) for name in names]


def write_examples():
    """`{"day", "clock"}` of tomorrow, as the page's language writes them."""
    day, clock = format_moment(timezone.now() + timedelta(days=1), get_language()).split()
    return {"day": day, "clock": clock}
