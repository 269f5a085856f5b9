"""What a client asks for beside the order itself: drip-feed and subscriptions, read from its fields.

Field names are those of the standard API (contracts: standard-v2, table of `add`): `runs` and `interval`; `username`,
`min`, `max`, `posts`, `old_posts`, `delay`, `expiry`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from orders.refusals import OrderRefused, Refusal
from panel.lib.dates import to_latin_digits

MAX_RUNS = 1_000
MAX_POSTS = 1_000
MAX_INTERVAL = 30 * 24 * 60  # minutes
MAX_UNITS = 10**9  # of one run or post: a service's maximum is never above it
MAX_DAYS = 3 * 366  # until a subscription expires
_WHOLE = re.compile(r"[0-9]{1,18}")
_USERNAME = re.compile(r"@?[\w.][\w.\-]{0,63}", re.ASCII)
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class DripPlan:
    """So many runs, one every `interval` minutes; the order's quantity is that of one run."""

    runs: int
    interval: int

    @property
    def parts(self):
        return self.runs


@dataclass(frozen=True, slots=True)
class SubscriptionPlan:
    """`least` units or more for each of the next `posts` posts of `username`, and of `old_posts` that are there.

    The order's quantity is the most units of a post. `expires_at` is the end of the day named, or None.
    """

    username: str
    least: int
    posts: int
    old_posts: int
    delay: int
    expires_at: datetime | None

    @property
    def parts(self):
        return self.posts


def read_drip_plan(values, sold):
    """The DripPlan that `values` ask for, or None: no runs, or a single one. `sold`: the service has drip-feed.

    Raises OrderRefused: FIELD_BAD, and FIELD_MISSING where only one of `runs` and `interval` is given.
    """
    runs, interval = (read_number(values, name) for name in ("runs", "interval"))
    if not runs and not interval:
        return None
    if not sold:
        raise OrderRefused(Refusal.FIELD_BAD, field="runs")
    if not runs:
        raise OrderRefused(Refusal.FIELD_MISSING, field="runs")
    if runs > MAX_RUNS:
        raise OrderRefused(Refusal.FIELD_BAD, field="runs", limit=MAX_RUNS)
    if runs == 1:
        return None
    if not interval:
        raise OrderRefused(Refusal.FIELD_MISSING, field="interval")
    if interval > MAX_INTERVAL:
        raise OrderRefused(Refusal.FIELD_BAD, field="interval", limit=MAX_INTERVAL)
    return DripPlan(runs, interval)


def read_subscription_plan(values):
    """`(SubscriptionPlan, most units of a post)`. Raises OrderRefused: FIELD_MISSING, FIELD_BAD."""
    username = values.get("username")
    if username is None or (isinstance(username, str) and not username.strip()):
        raise OrderRefused(Refusal.FIELD_MISSING, field="username")
    if not isinstance(username, str) or not _USERNAME.fullmatch(username.strip()):
        raise OrderRefused(Refusal.FIELD_BAD, field="username")
    least, most = (_need_number(values, name) for name in ("min", "max"))
    if most < least:
        raise OrderRefused(Refusal.FIELD_BAD, field="max")
    posts = read_number(values, "posts") or settings.SUBSCRIPTION_POSTS
    old_posts = read_number(values, "old_posts")
    delay = read_number(values, "delay")
    for name, number, most_of_it in (
        ("posts", posts, MAX_POSTS),
        ("old_posts", old_posts, posts),
        ("delay", delay, MAX_INTERVAL),
    ):
        if number > most_of_it:
            raise OrderRefused(Refusal.FIELD_BAD, field=name, limit=most_of_it)
    plan = SubscriptionPlan(
        username=username.strip().lstrip("@"),
        least=least,
        posts=posts,
        old_posts=old_posts,
        delay=delay,
        expires_at=_read_end_of_day(values.get("expiry")),
    )
    return plan, most


def read_number(values, name):
    """A whole number from 0 up, in any digits; 0 when it is absent. Raises OrderRefused (FIELD_BAD)."""
    value = values.get(name)
    if value is None:
        return 0
    text = to_latin_digits(str(value).strip())
    if text == "":
        return 0
    if isinstance(value, bool | float | list | dict) or not _WHOLE.fullmatch(text):
        raise OrderRefused(Refusal.FIELD_BAD, field=name)
    return min(int(text), 10**12)


def _need_number(values, name):
    number = read_number(values, name)
    if not number:
        raise OrderRefused(Refusal.FIELD_MISSING, field=name)
    return number


def _read_end_of_day(value):
    """The last moment (Tehran) of a day written `d/m/Y`, not yet over; None when absent."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = _DAY.fullmatch(to_latin_digits(value.strip())) if isinstance(value, str) else None
    try:
        day, month, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
        last = timezone.make_aware(datetime.combine(datetime(year, month, day), time.max))
    except ValueError:
        raise OrderRefused(Refusal.FIELD_BAD, field="expiry") from None
    if not timezone.now() < last < timezone.now() + timedelta(days=MAX_DAYS):
        raise OrderRefused(Refusal.FIELD_BAD, field="expiry")
    return last
