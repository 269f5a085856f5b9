"""Shares and lengths of calls for templates of the admin."""

from django import template
from persiantools import digits

from panel.admin_site.columns import EMPTY, show_number
from panel.lib.dates import TEHRAN, format_date
from panel.lib.language import page_language
from panel.lib.tehran_days import find_today
from providers.admin.route_columns import show_share
from providers.admin.speeds import show_milliseconds, show_speed

register = template.Library()
register.filter("milliseconds", show_milliseconds)
register.filter("speed", show_speed)


@register.filter
def percent(number):
    """A whole number of percent; a dash for None."""
    return EMPTY if number is None else show_share(number, 100)


@register.filter
def error_share(counts):
    """Which share of these Counts was unavailable or unclear, and of how many; a dash for None or no calls."""
    return show_share(counts.errors, counts.calls) if counts else EMPTY


@register.filter
def call_count(counts):
    """How many calls these Counts are; a dash for None."""
    return show_number(counts.calls if counts else None)


@register.filter
def health_share(route):
    """A route's score in percent; a dash for one that wasn't measured yet."""
    health = getattr(route, "health", None)
    return EMPTY if health is None else show_share(health.score, 1)


@register.filter
def sent_count(route):
    """How many orders it was sent in the measured days; a dash for one that wasn't measured yet."""
    return show_number(getattr(getattr(route, "health", None), "sent", None))


@register.filter
def clock_seconds(moment):
    """The day's time in Tehran to the second, behind the date where that isn't today."""
    language = page_language()
    local = moment.astimezone(TEHRAN)
    clock = f"{local:%H:%M:%S}"
    shown = digits.en_to_fa(clock) if language == "fa" else clock
    return shown if local.date() == find_today() else f"{format_date(local.date(), language)} {shown}"
