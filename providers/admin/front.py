"""Unclear orders, providers and what orders are doing now, on the admin's front page."""

import json

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.days import read_orders
from orders.models import Order
from panel.admin_site.front_page import Block, QueueAge, add_age, add_block
from panel.admin_site.one_statement import count_capped
from panel.admin_site.paging import COUNTED_ROWS
from panel.lib.charts import draw_columns
from panel.lib.tehran_days import list_shown_days
from providers.admin.speeds import read_last_hour
from providers.models import Dispatch, Provider, ProviderEvent

SHOWN_UNCLEAR = 5
SHOWN_PROVIDERS = 12
ENDS = (
    ("success", "completed", _("completed")),
    ("info", "partial", _("partial")),
    ("muted", "canceled", _("canceled")),
    ("danger", "error", _("error")),
)
# Orders that a provider works on, by what it told last: those asked about next, no further than the cap.
_OPEN_STATES = """
SELECT coalesce(json_object_agg(status, number), '{}'::json)::text FROM (
    SELECT o.status, count(*) AS number FROM (
        SELECT order_id FROM providers_dispatch WHERE next_poll_at IS NOT NULL LIMIT %s
    ) open JOIN orders_order o ON o.id = open.order_id GROUP BY 1
) states
"""


def read_unclear(_user, _answers):
    """The newest orders of which nobody knows whether the provider has them; None where there are none."""
    rows = Dispatch.objects.filter(state=Dispatch.State.UNCLEAR).select_related("provider")
    rows = rows.only("order_id", "reason", "created", "provider__name").order_by("-created")[:SHOWN_UNCLEAR]
    return {"rows": rows, "all": reverse("admin:providers_dispatch_changelist") + "?state__exact=unclear"}


def ask_open_orders():
    """How many orders are queued, being sent, unclear; and a JSON object of those at providers by status."""
    dispatches = Dispatch.objects
    return [
        count_capped(Order.objects.filter(next_try_at__isnull=False)),
        count_capped(dispatches.filter(state=Dispatch.State.SENDING)),
        count_capped(dispatches.filter(state=Dispatch.State.UNCLEAR)),
        (_OPEN_STATES, (COUNTED_ROWS,)),
    ]


def read_open_orders(_user, answers):
    """Orders by state now, and those that ended on each of thirty days by how."""
    queued, sending, unclear, told = answers[0], answers[1], answers[2], json.loads(answers[3])
    orders = reverse("admin:orders_order_changelist")
    now = [(_("to be sent"), queued, f"{orders}?forwarding__exact=queued")]
    now += [(_("being sent"), sending, f"{orders}?forwarding__exact=sending")]
    now += [(_("unclear"), unclear, f"{orders}?forwarding__exact=unclear")]
    for status in (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.IN_PROGRESS):
        label = _("%(status)s at the provider") % {"status": status.label}
        now.append((label, told.get(status, 0), f"{orders}?status__exact={status}"))
    days = list_shown_days()
    ended = read_orders(days)
    columns = [[(tone, getattr(row, name)) for tone, name, _word in ENDS] for row in ended.values()]
    return {
        "now": now,
        "cap": COUNTED_ROWS,
        "days": [
            (day, [row.placed, *(getattr(row, name) for _tone, name, _word in ENDS)])
            for day, row in reversed(ended.items())
        ],
        "columns": [_("placed"), *(word for _tone, _name, word in ENDS)],
        "charts": [
            {
                "title": _("Ended orders by day"),
                "chart": draw_columns(columns),
                "key": [(tone, word) for tone, _name, word in ENDS],
                "first": days[0],
                "last": days[-1],
            },
            {
                "title": _("Placed orders by day"),
                "chart": draw_columns([[("info", row.placed)] for row in ended.values()]),
                "key": [("info", _("placed"))],
                "first": days[0],
                "last": days[-1],
            },
        ],
    }


def read_providers(_user, _answers):
    """Providers in use, the paused ones first: balance, how their routes did in the last days, and the last hour."""
    rows = Provider.objects.filter(active=True).only(
        "name", "paused_at", "pause_reason", "balance", "low_balance", "currency", "balance_at"
    )
    rows = rows.annotate(
        sent=Sum("routes__health__sent", default=0),
        failed=Sum(F("routes__health__failed") + F("routes__health__refused"), default=0),
    )
    rows = list(rows.order_by(F("paused_at").asc(nulls_last=True), "name")[: SHOWN_PROVIDERS + 1])
    speeds = read_last_hour([row.pk for row in rows])
    return {
        "rows": [
            {
                "provider": row,
                "low": row.low_balance is not None
                and row.balance is not None
                and row.balance < row.low_balance,
                "taken": 100 * (row.sent - row.failed) // row.sent if row.sent else None,
                "hour": speeds.get(row.pk),
            }
            for row in rows[:SHOWN_PROVIDERS]
        ],
        "more": len(rows) > SHOWN_PROVIDERS,
    }


add_block(
    Block(
        title=_("Unclear orders"),
        template="admin/front/unclear.html",
        read=read_unclear,
        permission="providers.view_dispatch",
        place=20,
    )
)
add_block(
    Block(
        title=_("Providers"),
        template="admin/front/providers.html",
        read=read_providers,
        permission="providers.view_provider",
        place=30,
    )
)
add_block(
    Block(
        title=_("Orders"),
        template="admin/front/orders.html",
        read=read_open_orders,
        permission="orders.view_order",
        place=40,
        ask=ask_open_orders,
    )
)
add_age(
    QueueAge(
        label=_("Provider events"),
        rows=lambda: ProviderEvent.objects.filter(handled_at=None, set_aside_at=None).order_by("id"),
        field="created",
        permission="providers.view_providerevent",
        url_name="admin:providers_providerevent_changelist",
        query="?handling=waiting",
        late_seconds=60,
        quiet=_("all handled"),
    )
)
