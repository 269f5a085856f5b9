"""What referrals brought, for the referrer: by month and one by one, without saying who came."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from panel.lib.dates import TEHRAN
from panel.lib.tehran_days import start_of
from panel.rewards.models import Referral, ReferralReward
from panel.wallet.months import Month, find_month

MONTHS = 12
NEWEST = 25


@dataclass(slots=True)
class ReferralMonth:
    """A month of the referrer's: how many signed up in it, and the toman that were earned in it."""

    month: Month
    came: int = 0
    earned: int = 0


def list_months(referrer_id, language):
    """The last MONTHS months in which something happened, the newest first, of the calendar of `language`."""
    begin = find_month(timezone.now(), language).step(1 - MONTHS).begin
    came = Referral.objects.filter(referrer_id=referrer_id, created__gte=begin)
    earned = ReferralReward.objects.filter(referral__referrer_id=referrer_id, created__gte=begin)
    months = {}
    for day, count in _sum_by_day(came, Count("pk")):
        _find(months, day, language).came += count
    for day, amount in _sum_by_day(earned, Sum("amount")):
        _find(months, day, language).earned += int(amount)
    return [months[month] for month in sorted(months, reverse=True)]


def list_newest(referrer_id):
    """The NEWEST referrals, the newest first: `created`, and how often (`times`) and what (`earned`) they brought."""
    rows = Referral.objects.filter(referrer_id=referrer_id).order_by("-created", "-pk")
    sums = {"times": Count("rewards"), "earned": Sum("rewards__amount", default=0)}
    return list(rows.annotate(**sums).values("created", *sums)[:NEWEST])


def _sum_by_day(rows, value):
    """`(day in Tehran, value)`: months of both calendars are made of days."""
    days = rows.annotate(day=TruncDate("created", tzinfo=TEHRAN)).values("day")
    return days.annotate(value=value).values_list("day", "value")


def _find(months, day, language):
    month = find_month(start_of(day), language)
    return months.setdefault(month, ReferralMonth(month))
