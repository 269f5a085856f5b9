"""The figures of the like exchange by day in Tehran: likes, what likers and the house earned, budgets given."""

from dataclasses import dataclass, fields
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from campaigns.models import CampaignClass
from panel.lib.charts import draw_columns
from panel.lib.tehran_days import list_shown_days, start_of

# What was taken back counts nowhere: it is no like, and nobody earned it.
_LIKES = """
SELECT (plike.created AT TIME ZONE 'Asia/Tehran')::date AS day, class.payment_type, count(*),
    sum(plike.user_share)::bigint, sum(plike.house_share)::bigint
FROM campaigns_like plike
JOIN campaigns_campaign campaign ON campaign.id = plike.campaign_id
JOIN campaigns_campaignclass class ON class.id = campaign.campaign_class_id
WHERE plike.created >= %s AND plike.check_state <> 'back'
GROUP BY 1, 2
"""
_BUDGETS = """
SELECT (campaign.created AT TIME ZONE 'Asia/Tehran')::date AS day, class.payment_type, count(*),
    sum(campaign.budget)::bigint
FROM campaigns_campaign campaign JOIN campaigns_campaignclass class ON class.id = campaign.campaign_class_id
WHERE campaign.created >= %s
GROUP BY 1, 2
"""


@dataclass(slots=True)
class Day:
    """One day in one currency: paid likes, what they gave to likers and the house; campaigns and their budgets."""

    date: date | None
    likes: int = 0
    likers: int = 0
    house: int = 0
    campaigns: int = 0
    given: int = 0

    @property
    def spent(self):
        """What left the budgets."""
        return self.likers + self.house


def read_days():
    """`{currency: [Day]}` of the last 30 days, the oldest first; two statements."""
    dates = list_shown_days()
    since = start_of(dates[0])
    currencies = CampaignClass.PaymentType.values
    days = {currency: {one: Day(one) for one in dates} for currency in currencies}
    for when, currency, *values in _run(_LIKES, since):
        if when in days[currency]:
            row = days[currency][when]
            row.likes, row.likers, row.house = values
    for when, currency, *values in _run(_BUDGETS, since):
        if when in days[currency]:
            row = days[currency][when]
            row.campaigns, row.given = values
    return {currency: list(rows.values()) for currency, rows in days.items()}


def _run(statement, since):
    with connection.cursor() as cursor:
        cursor.execute(statement, [since])
        return cursor.fetchall()


def sum_days(days):
    """The Day that is all of them together, without a date."""
    names = [one.name for one in fields(Day)][1:]
    return Day(None, **{name: sum(getattr(day, name) for day in days) for name in names})


def _draw(title, days, key):
    """A chart for the page; `key` is `[(tone, word, field)]` from the bottom up."""
    columns = [[(tone, getattr(day, name)) for tone, _word, name in key] for day in days]
    return {
        "title": title,
        "chart": draw_columns(columns),
        "key": [(tone, word) for tone, word, _name in key],
    }


def _draw_currency(days):
    earned = [("success", _("likers"), "likers"), ("info", _("the house"), "house")]
    return [
        _draw(_("Likes by day"), days, [("success", _("paid likes"), "likes")]),
        _draw(_("Spent by day, which is earned"), days, earned),
        _draw(_("Budgets given by day"), days, [("warning", _("budgets of new campaigns"), "given")]),
    ]


def show_figures(model_admin, request):
    """The page with three charts and a table for each currency."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    blocks = [
        {
            "currency": CampaignClass.PaymentType(currency),
            "total": sum_days(days),
            "charts": _draw_currency(days),
            "days": days[::-1],
            "first": days[0].date,
            "last": days[-1].date,
        }
        for currency, days in read_days().items()
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Figures of the like exchange"),
        "opts": model_admin.opts,
        "blocks": blocks,
    }
    return TemplateResponse(request, "admin/campaign_figures.html", context)
