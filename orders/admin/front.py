"""The day's money and the state of the queues of orders, on the admin's front page."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.days import read_orders
from orders.models import Order, OrderDay, OrderEvent
from panel.admin_site.front_page import Block, QueueAge, add_age, add_block
from panel.lib.charts import draw_columns, draw_groups
from panel.lib.tehran_days import list_shown_days
from panel.wallet.days import read_money
from panel.wallet.models import Currency

FINANCE = "wallet.view_transfer"
# (field, word, whether it is in MoneyDay or OrderDay)
MONEY_FIELDS = (
    ("sales", _("sales"), "money"),
    ("refunds", _("refunds"), "money"),
    ("cost", _("cost"), "orders"),
    ("profit", _("profit"), "orders"),
    ("deposits", _("deposits"), "money"),
)
MONEY_CHARTS = (
    (_("Sales and profit"), draw_groups, (("info", "sales"), ("success", "profit"))),
    (_("Deposits"), draw_columns, (("success", "deposits"),)),
)


def read_money_block(_user, _answers):
    """Today beside yesterday, thirty days as charts and a table, and what the house owes; see MoneyDay, OrderDay.

    Sales, refunds and deposits are of the day on which money moved; cost and profit of that on which orders ended.
    """
    days = list_shown_days()
    money, orders = read_money(days), read_orders(days)
    rows = [
        {"day": day}
        | {name: getattr(money[day] if of == "money" else orders[day], name) for name, _, of in MONEY_FIELDS}
        for day in days
    ]
    today, yesterday = rows[-1], rows[-2]
    words = {name: word for name, word, _of in MONEY_FIELDS}
    return {
        "figures": [
            {"word": word, "today": today[name], "yesterday": yesterday[name]}
            for name, word, _of in MONEY_FIELDS
        ],
        "uncosted": orders[days[-1]].uncosted,
        "held": _list_held(money.values()),
        "measured_at": money[days[-1]].measured_at,
        "columns": list(words.values()),
        "days": [(row["day"], [row[name] for name in words]) for row in reversed(rows)],
        "charts": [
            {
                "title": title,
                "chart": draw([[(tone, row[name]) for tone, name in key] for row in rows]),
                "key": [(tone, words[name]) for tone, name in key],
                "first": days[0],
                "last": days[-1],
            }
            for title, draw, key in MONEY_CHARTS
        ],
    }


def _list_held(money):
    """[(currency's word, amount)] as it was measured last; nothing before the first time."""
    held = next((day.held for day in reversed(list(money)) if day.held is not None), {})
    return [(Currency(currency).label, held[currency]) for currency in Currency.values if currency in held]


add_block(
    Block(
        title=_("Money today"),
        template="admin/front/money.html",
        read=read_money_block,
        permission=FINANCE,
        place=10,
    )
)
add_age(
    QueueAge(
        label=_("Orders due to be sent"),
        rows=lambda: Order.objects.filter(next_try_at__lte=timezone.now()).order_by("next_try_at"),
        field="next_try_at",
        permission="orders.view_order",
        url_name="admin:orders_order_changelist",
        query="?forwarding__exact=queued",
        late_seconds=60,
        quiet=_("none waits"),
    )
)
add_age(
    QueueAge(
        label=_("Order events"),
        rows=lambda: OrderEvent.objects.filter(handled_at=None, set_aside_at=None).order_by("id"),
        field="created",
        permission="orders.view_orderevent",
        url_name="admin:orders_orderevent_changelist",
        query="?handling=waiting",
        late_seconds=60,
        quiet=_("all handled"),
    )
)
add_age(
    QueueAge(
        label=_("Last measured by beat and worker"),
        rows=lambda: OrderDay.objects.order_by("-day"),
        field="measured_at",
        permission="orders.view_order",
        url_name="admin:orders_orderday_changelist",
        late_seconds=3 * settings.FIGURES_SECONDS + 60,
        quiet=_("never: is beat running?"),
    )
)
