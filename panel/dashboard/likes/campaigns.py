"""A customer's own campaigns as their pages show them: how far each got, and its likes by day.

Campaigns that stand behind orders are no part of them: those are told of on the order's page.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncDate

from campaigns.models import Campaign, Like
from campaigns.states import list_own
from panel.lib.charts import draw_columns
from panel.lib.dates import TEHRAN
from panel.lib.tehran_days import find_day, list_days, list_shown_days, start_of

State = Campaign.State
# As a status: always an icon and a colour beside the word.
LOOKS = {
    State.PENDING: ("clock", "muted"),
    State.AVAILABLE: ("eye", "info"),
    State.REJECTED: ("circle-x", "danger"),
    State.ENDED: ("circle-check", "success"),
    State.UNAVAILABLE: ("triangle-alert", "warning"),
}
STOPPED = ("ban", "muted")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign got: `likes` of `wanted`, and its budget in the currency of its class.

    `spent` went to likers and house, `left` is there still, `returned` went back to the wallet at the end.
    """

    likes: int
    wanted: int
    spent: int
    left: int
    returned: int


@dataclass(frozen=True, slots=True)
class DayOfLikes:
    """The likes that were paid on one day in Tehran and not taken back."""

    date: date
    likes: int


def find_own(customer_id):
    """The customer's own campaigns, with what describing them needs."""
    return list_own(customer_id).select_related("campaign_class", "account")


def describe_rows(rows):
    """The same rows with `progress`, `icon`, `tone` and `open`."""
    for row in rows:
        row.progress = measure(row)
        row.icon, row.tone = STOPPED if row.stopped else LOOKS[row.state]
        row.open = row.state not in Campaign.CLOSED
    return rows


def measure(campaign):
    """The Progress of a campaign that `find_own` found.

    A budget is spent likes, what is in its account, and what went back: nothing else moves it.
    """
    value, left = campaign.campaign_class.campaign_value, campaign.account.balance
    spent = campaign.likes * value
    return Progress(campaign.likes, campaign.budget // value, spent, left, campaign.budget - spent - left)


def count_days(campaign):
    """A DayOfLikes for each of the last 30 days since the campaign was made, oldest first."""
    first = max(find_day(campaign.created), list_shown_days()[0])
    rows = (
        Like.objects.filter(campaign=campaign, created__gte=start_of(first))
        .exclude(check_state=Like.Check.BACK)
        .order_by()
        .values_list(TruncDate("created", tzinfo=TEHRAN))
        .annotate(likes=Count("id"))
    )
    counts = dict(rows)
    return [DayOfLikes(one, counts.get(one, 0)) for one in list_days(first)]


def draw_days(days):
    """The Chart of DayOfLikes: a column each; None while there is nothing to draw."""
    drawable = any(day.likes for day in days)
    return draw_columns([[("success", day.likes)] for day in days]) if drawable else None
