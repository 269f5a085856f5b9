"""How long something has waited, in words of the page's language."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import ngettext

from panel.admin_site.columns import EMPTY
from panel.lib.dates import format_moment, format_number
from panel.lib.language import page_language

MINUTE, HOUR, DAY = 60, 3600, 86_400


def show_duration(seconds):
    """Whole seconds as people say them: the biggest unit of which there are two at least; a dash for None."""
    if seconds is None:
        return EMPTY
    if seconds < 2 * MINUTE:
        count, words = seconds, ngettext("%(count)s second", "%(count)s seconds", seconds)
    elif seconds < 2 * HOUR:
        count = seconds // MINUTE
        words = ngettext("%(count)s minute", "%(count)s minutes", count)
    elif seconds < 2 * DAY:
        count = seconds // HOUR
        words = ngettext("%(count)s hour", "%(count)s hours", count)
    else:
        count = seconds // DAY
        words = ngettext("%(count)s day", "%(count)s days", count)
    return format_html("<bdi>{}</bdi>", words % {"count": format_number(count, page_language())})


def show_wait(moment):
    """How long ago that moment was; pointing at it shows the moment itself."""
    seconds = max(int((timezone.now() - moment).total_seconds()), 0)
    exact = format_moment(moment, page_language())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, show_duration(seconds)
    )
