"""Columns about a route's health: they take a Route (with `health` selected) or its RouteHealth."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import EMPTY
from panel.admin_site.durations import show_duration
from panel.lib.dates import format_moment, format_number
from panel.lib.language import page_language
from providers.models import RouteHealth


@admin.display(description=_("finished"))
def finish_rate(row):
    """Which share of its ended orders was completed."""
    health = _health_of(row)
    return show_share(health.finished, health.finished + health.cut_short) if health else EMPTY


@admin.display(description=_("refused"))
def refusal_rate(row):
    """Which share of what it was sent it refused."""
    health = _health_of(row)
    return show_share(health.refused, health.sent) if health else EMPTY


@admin.display(description=_("unavailable or unclear"))
def failure_rate(row):
    """Which share of what it was sent came to nothing, or nobody knows to what."""
    health = _health_of(row)
    return show_share(health.failed, health.sent) if health else EMPTY


@admin.display(description=_("median time"))
def median_time(row):
    """From its acceptance to the end of a completed order."""
    health = _health_of(row)
    return show_duration(health.median_seconds) if health else EMPTY


@admin.display(description=_("score"))
def score(row):
    """Its health in percent."""
    health = _health_of(row)
    return show_share(health.score, 1) if health else EMPTY


@admin.display(description=_("rests until"))
def resting(row):
    """When its rest ends, with the way to end it now; a dash for a route in use."""
    route = _route_of(row)
    if not route.rests:
        return EMPTY
    over = route.rests_until is None or route.rests_until <= timezone.now()
    words = _t("tried with the next order") if over else _show_moment(route.rests_until)
    url = reverse("admin:providers_route_use_again", args=[route.pk])
    return format_html('{}<br><a href="{}">{}</a>', words, url, _t("Use again now…"))


HEALTH_COLUMNS = (finish_rate, refusal_rate, median_time, resting)


def show_share(part, whole):
    """`part` of `whole` in whole percent; a dash for a share of nothing."""
    if not whole:
        return EMPTY
    return format_html("<bdi>{}</bdi>", _t("%(number)s%%") % {"number": _digits(round(100 * part / whole))})


def _health_of(row):
    return row if isinstance(row, RouteHealth) else getattr(row, "health", None)


def _route_of(row):
    return row.route if isinstance(row, RouteHealth) else row


def _show_moment(moment):
    return format_html("<bdi>{}</bdi>", format_moment(moment, page_language()))


def _digits(number):
    return format_number(number, page_language())
