"""How long ago something was, in templates, in the language of the page."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext

from panel.lib.dates import format_moment, format_number

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86_400
DAYS = 30  # beyond them the date says more


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
