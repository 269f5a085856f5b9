"""The months that limits are counted by: those of the Jalali calendar, in Tehran."""

from persiantools.jdatetime import JalaliDateTime

from panel.lib.dates import TEHRAN


def find_month_start(moment):
    """The first moment of the Jalali month that `moment` is in, in Tehran."""
    local = JalaliDateTime(moment.astimezone(TEHRAN))
    start = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).to_gregorian()
    return start.replace(tzinfo=TEHRAN)
