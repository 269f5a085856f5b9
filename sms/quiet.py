"""When advertisements may go out, and how many a number gets in a day. Codes and news know no such bounds."""

from datetime import timedelta

from django.conf import settings

from panel.lib.dates import TEHRAN
from panel.lib.tehran_days import find_day, start_of


def is_quiet(moment):
    """Whether advertisements wait at that moment (settings.SMS_QUIET_HOURS, Tehran time)."""
    begin, end = settings.SMS_QUIET_HOURS
    clock = moment.astimezone(TEHRAN).time()
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


def find_midnight(moment):
    """The beginning of that moment's day in Tehran."""
    return start_of(find_day(moment))


def find_next_day(moment):
    """When the caps of the next day begin."""
    return find_midnight(moment + timedelta(days=1))
