"""How providers answered lately, for people: numbers from Redis, or nothing where it is away."""

import logging

import redis
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import EMPTY, show_number
from providers.admin.route_columns import show_share
from providers.calls.store import read_minutes, sum_counts

log = logging.getLogger(__name__)


def read_last_hour(provider_ids):
    """`{provider id: Counts}` of the last hour; empty without Redis."""
    try:
        return {pk: sum_counts(minutes) for pk, minutes in read_minutes(provider_ids).items()}
    except redis.RedisError as error:
        log.warning("no counts of calls: %s", type(error).__name__)
        return {}


def show_milliseconds(milliseconds):
    """A length for people: seconds from a second on; a dash for None."""
    if milliseconds is None:
        return EMPTY
    if milliseconds < 1000:
        return format_html(_t("{number} ms"), number=show_number(milliseconds))
    return format_html(_t("{number} s"), number=show_number(round(milliseconds / 1000, 1)))


def show_speed(counts):
    """How long these Counts' calls took: the median and the 95th percentile; a dash where nothing is known."""
    if counts is None or counts.median_ms is None:
        return EMPTY
    return format_html("{} / {}", show_milliseconds(counts.median_ms), show_milliseconds(counts.slow_ms))


@admin.display(description=_("errors in the last hour"))
def hour_errors(provider):
    """Which share of its calls was unavailable or unclear; set `hour` before."""
    return show_share(provider.hour.errors, provider.hour.calls) if provider.hour else EMPTY


@admin.display(description=_("median and 95th percentile"))
def hour_speed(provider):
    """How long its calls took in the last hour."""
    return show_speed(provider.hour)
