"""How long ago something was and how long it takes, in templates, in the language of the page."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext

from panel.lib.dates import format_moment, format_number

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86_400
DAYS = 30  # beyond them the date says more


@register.filter
def duration(seconds):
    """“5 minutes”: a number of seconds in the unit that fits, rounded; two hours are the most told in minutes."""
    if seconds is None:
        return "—"
    if seconds < MINUTE:
        return gettext("under a minute")
    if seconds < 2 * HOUR:
        count = _round(seconds, MINUTE)
        words = ngettext("%(count)s minute", "%(count)s minutes", count)
    elif seconds < 2 * DAY:
        count = _round(seconds, HOUR)
        words = ngettext("%(count)s hour", "%(count)s hours", count)
    else:
        count = _round(seconds, DAY)
        words = ngettext("%(count)s day", "%(count)s days", count)
    return words % {"count": format_number(count, get_language())}


def _round(seconds, unit):
    return (int(seconds) + unit // 2) // unit


@register.filter
def ago(moment):
    """“3 minutes ago”, the date after a month, and “never” for None; pointing at it shows the exact time."""
    if moment is None:
        return gettext("never")
    exact = format_moment(moment, get_language())
    words = _describe((timezone.now() - moment).total_seconds()) or exact
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


def _describe(seconds):
    if seconds < MINUTE:
        return gettext("just now")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        words = ngettext("%(count)s minute ago", "%(count)s minutes ago", count)
    elif seconds < DAY:
        count = int(seconds // HOUR)
        words = ngettext("%(count)s hour ago", "%(count)s hours ago", count)
    elif seconds < DAYS * DAY:
        count = int(seconds // DAY)
        words = ngettext("%(count)s day ago", "%(count)s days ago", count)
    else:
        return ""
    return words % {"count": format_number(count, get_language())}
