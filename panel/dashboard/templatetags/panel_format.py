"""Numbers, money, moments and icons in templates, in the language of the page."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext

from orders.models import Order
from panel.lib import dates

register = template.Library()
SPRITE = "vendor/lucide/1.62.0/sprite.svg"
# A status is always an icon, a word and a colour: (icon, tone) here, the word from the model.
STATUS_LOOKS = {
    Order.Status.PENDING: ("clock", "muted"),
    Order.Status.PROCESSING: ("send", "info"),
    Order.Status.IN_PROGRESS: ("loader", "info"),
    Order.Status.COMPLETED: ("circle-check", "success"),
    Order.Status.PARTIAL: ("circle-dot", "warning"),
    Order.Status.CANCELED: ("ban", "muted"),
    Order.Status.ERROR: ("triangle-alert", "danger"),
}


@register.simple_tag
@cache  # a page has dozens, of a few names
def icon(name):
    """An icon of the sprite; decoration only, the words beside it say the same."""
    address = f"{static(SPRITE)}#{name}"
    return format_html(
        '<svg class="icon icon-{}" aria-hidden="true"><use href="{}"></use></svg>', name, address
    )


@register.filter
def number(value):
    """A whole number, kept in one piece by `bdi`; nothing known is a dash."""
    if value is None:
        return "—"
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', dates.format_number(value, get_language()))


@register.filter
def toman(value):
    """An amount of toman with its unit."""
    return format_html('{} <span class="unit">{}</span>', number(value), gettext("toman"))


@register.filter
def credit(value, currency):
    """An amount of `like` or `coin` with its unit."""
    if currency == "coin":
        words = ngettext("{amount} coin", "{amount} coins", value)
    else:
        words = ngettext("{amount} like", "{amount} likes", value)
    return format_html(words, amount=number(value))


@register.filter
def order_number(value):
    """An order's number, `#8412`, in Latin digits in every language: it is copied into tools and messages."""
    return format_html('<bdi dir="ltr" class="num">#{}</bdi>', value)


@register.filter
def moment(value):
    """A date with time in Tehran."""
    if value is None:
        return "—"
    shown = dates.format_moment(value, get_language())
    return format_html(
        '<time datetime="{}"><bdi dir="ltr" class="num">{}</bdi></time>', value.isoformat(), shown
    )


@register.filter
def digits(value):
    """A whole number as bare text, for places that take no markup."""
    return dates.format_number(value, get_language())


@register.filter
def short_date(value):
    """A date without a time."""
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', dates.format_date(value, get_language()))


@register.filter
def clock(value):
    """A time of day."""
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', dates.format_clock(value, get_language()))


@register.filter
def bare_date(value):
    """A date as bare text, for places that take no markup."""
    return dates.format_date(value, get_language())


@register.filter
def day(value):
    """A date in words."""
    return dates.format_day(value, get_language())


@register.filter
def status_icon(status):
    return STATUS_LOOKS[Order.Status(status)][0]


@register.filter
def status_tone(status):
    return STATUS_LOOKS[Order.Status(status)][1]
