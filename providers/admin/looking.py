"""A provider at a glance: state, money, orders, speed, routes and the live log of calls."""

import logging
from datetime import UTC, datetime

import redis
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import ActionRefused
from panel.admin_site.one_statement import ask_together, count_capped
from panel.admin_site.paging import COUNTED_ROWS
from panel.lib.charts import draw_columns
from panel.lib.tehran_days import list_shown_days
from providers.calls.counting import OUTCOMES
from providers.calls.store import SHOWN_CALLS, read_hours, read_log, read_minutes, sum_counts
from providers.days import read_spending
from providers.models import Dispatch, Route

log = logging.getLogger(__name__)
SHOWN_ROUTES = 15
TONES = {"ok": "success", "rejected": "info", "unavailable": "warning", "unclear": "danger"}
OUTCOME_WORDS = {
    "ok": _("ok"),
    "rejected": _("rejected"),
    "unavailable": _("unavailable"),
    "unclear": _("unclear"),
}
CALL_WORDS = {
    "place": _("order"),
    "statuses": _("statuses"),
    "cancel": _("cancel"),
    "refill": _("refill"),
    "refill_statuses": _("refill statuses"),
    "services": _("services"),
    "balance": _("balance"),
}
MONEY = "wallet.view_transfer"


def show_look(model_admin, request, object_id, read_balance):
    """The page; a POST of `balance` reads our balance there by the Action `read_balance`."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    provider = get_object_or_404(model_admin.get_queryset(request), pk=object_id)
    if request.method == "POST":
        _read_balance(model_admin, request, provider, read_balance)
        return HttpResponseRedirect(request.path)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": provider.name,
        "opts": provider._meta,
        "original": provider,
        "low": None not in (provider.balance, provider.low_balance)
        and provider.balance < provider.low_balance,
        "may_read": request.user.has_perm(read_balance.permission),
        "tools": [
            {"label": tool.label, "url": reverse(tool.url_name, args=[provider.pk])}
            for tool in model_admin.tools
            if tool.url_name != "admin:providers_provider_look"
            and request.user.has_perm(tool.permission)
            and tool.fits(provider)
        ],
        "routes": Route.objects.filter(provider=provider)
        .select_related("service", "health")
        .order_by("-active", "health__score", "id")[:SHOWN_ROUTES],
        **_read_orders(provider),
        **_read_spending(request, provider),
        **_read_speeds(provider),
        **_read_calls(request, provider),
    }
    return TemplateResponse(request, "admin/provider_look.html", context)


def show_calls(model_admin, request, object_id):
    """The log alone, for the page to renew itself; without htmx it is the page."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    provider = get_object_or_404(model_admin.get_queryset(request), pk=object_id)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("admin:providers_provider_look", args=[provider.pk]))
    return TemplateResponse(request, "admin/provider_calls.html", _read_calls(request, provider))


def _read_balance(model_admin, request, provider, action):
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    try:
        words = action.act(request, provider, {})
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return
    model_admin.log_change(request, provider, str(words))
    messages.success(request, words)


def _read_orders(provider):
    open_there = Dispatch.objects.filter(provider=provider, next_poll_at__isnull=False)
    unclear = Dispatch.objects.filter(provider=provider, state=Dispatch.State.UNCLEAR)
    numbers = ask_together([count_capped(open_there), count_capped(unclear)])
    rows = f"{reverse('admin:providers_dispatch_changelist')}?provider__id__exact={provider.pk}"
    words = (
        (_t("Orders open there"), f"{rows}&state__exact=accepted"),
        (_t("Unclear there"), f"{rows}&state__exact=unclear"),
    )
    return {"cap": COUNTED_ROWS, "counts": [(*word, n) for word, n in zip(words, numbers, strict=True)]}


def _read_spending(request, provider):
    """What its orders cost, for who may see money."""
    if not request.user.has_perm(MONEY):
        return {"spending": None}
    days = list_shown_days()
    spent = read_spending(provider.pk, days)
    chart = {
        "title": _t("Spent by day, in toman"),
        "chart": draw_columns([[("info", max(amount, 0))] for amount in spent.values()]),
        "key": [("info", _t("cost of ended orders"))],
        "first": days[0],
        "last": days[-1],
    }
    table = [(day, [amount]) for day, amount in reversed(spent.items())]
    return {"spending": {"today": spent[days[-1]], "charts": [chart], "days": table, "columns": [_t("cost")]}}


def _read_speeds(provider):
    """Calls of the last hour and day; None without Redis."""
    try:
        minutes, hours = read_minutes([provider.pk])[provider.pk], read_hours(provider.pk)
    except redis.RedisError as error:
        log.warning("no counts of calls: %s", type(error).__name__)
        return {"speeds": None}
    charts = [
        (
            _t("Calls in the last hour, by minute"),
            minutes,
            _t("an hour ago"),
        ),
        (_t("Calls in the last day, by hour"), hours, _t("yesterday")),
    ]
    return {
        "speeds": {
            "spans": [(_t("last hour"), sum_counts(minutes)), (_t("last 24 hours"), sum_counts(hours))],
            "charts": [
                {
                    "title": title,
                    "chart": draw_columns(
                        [[(TONES[one], row.numbers[one]) for one in OUTCOMES] for row in rows]
                    ),
                    "key": [(TONES[one], OUTCOME_WORDS[one]) for one in OUTCOMES],
                    "first_word": first,
                    "last_word": _t("now"),
                }
                for title, rows, first in charts
            ],
            "hours": list(enumerate(reversed(hours))),
        }
    }


def _read_calls(request, provider):
    """The log, of the outcome that was asked for; None without Redis."""
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    try:
        calls = read_log(provider.pk, outcome)
    except redis.RedisError as error:
        log.warning("no log of calls: %s", type(error).__name__)
        calls = None
    return {
        "original": provider,
        "outcome": outcome,
        "shown": SHOWN_CALLS,
        "choices": [("", _t("all"))] + [(one, OUTCOME_WORDS[one]) for one in OUTCOMES],
        "calls": calls if calls is None else [_show_call(call) for call in calls],
    }


def _show_call(call):
    return call | {
        "moment": datetime.fromtimestamp(call["moment"], UTC),
        "what": CALL_WORDS.get(call["what"], call["what"]),
        "outcome_word": OUTCOME_WORDS.get(call["outcome"], call["outcome"]),
    }
