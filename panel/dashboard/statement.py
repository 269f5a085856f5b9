"""Statements on pages: the filters in their addresses, a page of entries, and the chart of what came and went."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from panel.dashboard.keyset import PAGE_SIZE, cut_page
from panel.lib.charts import draw_columns
from panel.lib.dates import read_day
from panel.lib.tehran_days import find_today, list_days, start_of
from panel.wallet.models import Currency, Transfer
from panel.wallet.statement import EVERYTHING, find_span, read_entries, sum_between

DAYS = 30  # of the chart
# The kinds of transfers that a wallet of each currency can have, as its filter offers them.
_REWARDS = (Transfer.Kind.BONUS, Transfer.Kind.REWARD, Transfer.Kind.REFERRAL)
_EXCHANGE = (Transfer.Kind.CAMPAIGN, Transfer.Kind.CAMPAIGN_REST, Transfer.Kind.LIKE, Transfer.Kind.LIKE_BACK)
KINDS = {
    Currency.TOMAN: (
        *(Transfer.Kind.PAYMENT, Transfer.Kind.CHARGE, Transfer.Kind.REFUND, *_REWARDS),
        *(Transfer.Kind.SMS, Transfer.Kind.SMS_REFUND, Transfer.Kind.ADJUSTMENT),
    ),
    Currency.LIKE: (*_EXCHANGE, Transfer.Kind.ADJUSTMENT),
    Currency.COIN: (*_EXCHANGE, Transfer.Kind.BUNDLE, Transfer.Kind.PURCHASE, Transfer.Kind.ADJUSTMENT),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a statement is asked for. `texts` are as typed; a day that can't be read has its words in `errors`."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    texts: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.texts)

    def encode(self, **more):
        """The filter as the query of an address."""
        return urlencode(self.texts | more)


@dataclass(frozen=True, slots=True)
class Day:
    """What a wallet gained and spent on one day in Tehran."""

    date: date
    gained: int
    spent: int


def read_filter(data):
    """The Filter of a query or form: `kind`, `since` and `until`, both days included and in either calendar."""
    texts = {name: data.get(name, "").replace("\x00", "").strip()[:20] for name in ("kind", "since", "until")}
    if texts["kind"] not in Transfer.Kind.values:
        texts["kind"] = ""
    days, errors = {}, {}
    for name in ("since", "until"):
        try:
            days[name] = read_day(texts[name]) if texts[name] else None
        except ValueError:
            errors[name] = _("Write the day as year/month/day, for example 1405/09/06 or 2026/11/27.")
    if not errors and None not in days.values() and days["since"] > days["until"]:
        errors["until"] = _("This day is before the first one.")
    given = {name: text for name, text in texts.items() if text}
    return Filter(texts["kind"], days.get("since"), days.get("until"), given, errors)


def begin_of(day):
    """The moment at which a day begins in Tehran; None for None."""
    return None if day is None else start_of(day)


def read_account(account, before=None, size=PAGE_SIZE, wanted=None):
    """A Page of Entry of an owned account, newest first; empty for None, and for a filter that can't be read."""
    wanted = wanted or Filter()
    if account is None or wanted.errors:
        return cut_page([], before is None, size)
    entries = read_entries(account, choose_span(account, wanted), wanted.kind, before, size + 1)
    return cut_page(entries, before is None, size, cursor=lambda entry: entry.id)


def choose_span(account, wanted):
    """The Span of transfers of a Filter's days."""
    if wanted.since is None and wanted.until is None:
        return EVERYTHING
    end = None if wanted.until is None else wanted.until + timedelta(days=1)
    return find_span(account, begin_of(wanted.since), begin_of(end))


def sum_days(account, days=DAYS):
    """A Day for each of the last so many days, today included, oldest first."""
    dates = list_days(find_today() - timedelta(days=days - 1))
    sums = sum_between(account, [*map(begin_of, dates), None])
    return [Day(day, gained, spent) for day, (gained, spent) in zip(dates, sums, strict=True)]


def draw_days(days):
    """The Chart of what came and went, two columns for each day; None while there is nothing to draw."""
    if not any(day.gained or day.spent for day in days):
        return None
    return draw_columns(
        [[column] for day in days for column in (("success", day.gained), ("info", day.spent))]
    )
