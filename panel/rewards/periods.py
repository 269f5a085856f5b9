"""The days and months that limits are counted by: Tehran's, and the months of the Jalali calendar."""

from persiantools.jdatetime import JalaliDateTime

from panel.lib.dates import TEHRAN


def find_day(moment):
    """The date in Tehran at an aware `moment`."""
    return moment.astimezone(TEHRAN).date()


def find_month_start(moment):
    """The first moment of the Jalali month that `moment` is in, in Tehran."""
    local = JalaliDateTime(moment.astimezone(TEHRAN))
    start = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).to_gregorian()
    return start.replace(tzinfo=TEHRAN)
