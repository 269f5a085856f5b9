"""The two limits of one customer: a wait between two rewards of a kind, and how many there are in a month."""

from datetime import timedelta
from math import ceil

from panel.rewards.periods import find_month_start
from panel.rewards.refusals import Refusal, RewardRefused


def check_limits(given, *, monthly, wait_seconds, now):
    """Raise RewardRefused (MONTHLY, SOON) when `given`, the customer's rows of that kind, leave no room at `now`.

    The month is the Jalali one in Tehran. The caller holds the customer's lock, so no other row comes meanwhile.
    """
    if given.filter(created__gte=find_month_start(now)).count() >= monthly:
        raise RewardRefused(Refusal.MONTHLY)
    last = given.order_by("-created").values_list("created", flat=True).first()
    if last is None:
        return
    left = ceil((last + timedelta(seconds=wait_seconds) - now).total_seconds())
    if left > 0:
        raise RewardRefused(Refusal.SOON, seconds=left, hours=ceil(wait_seconds / 3600))
