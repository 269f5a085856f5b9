"""What the home page shows beside forms and tables: figures, orders by status, and what a customer has to know."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language

from orders.models import Order
from orders.recent import count_recent
from panel.dashboard.context import read_own_balance
from panel.dashboard.order_lists import OPEN
from panel.dashboard.spending import read_spending
from panel.dashboard.templatetags.panel_format import STATUS_LOOKS
from panel.lib.charts import draw_shares
from panel.wallet.models import Payment

PAYMENTS_LOOKED_AT = 20  # the newest of the customer
QUIET = timedelta(minutes=2)  # so long the bank's page may still be open
STUCK = (Payment.State.PENDING, Payment.State.MISMATCH)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the counted orders have a status, and how many in a hundred that is."""

    status: Order.Status
    icon: str
    tone: str
    count: int
    percent: int


def describe_home(request):
    """Everything for the template; four statements."""
    recent = count_recent(request.user.pk)
    spending = read_spending(request.user.pk, get_language())
    shares = _share(recent)
    balance = read_own_balance(request)
    return {
        "recent": recent,
        "open": sum(recent.counts.get(status, 0) for status in OPEN),
        "completed": recent.counts.get(Order.Status.COMPLETED, 0),
        "shares": shares,
        "shares_chart": draw_shares([(share.tone, share.count) for share in shares]),
        "spending": spending,
        "chart": spending.chart,
        "days_left": spending.days_left(balance),
        "stuck": _find_stuck(request.user.pk),
    }


def _share(recent):
    return [
        Share(Order.Status(status), icon, tone, count, round(100 * count / recent.orders))
        for status, (icon, tone) in STATUS_LOOKS.items()
        if (count := recent.counts.get(status, 0))
    ]


def _find_stuck(customer_id):
    """Payments among the newest that the bank has said nothing of yet, or another amount than was asked for."""
    newest = Payment.objects.filter(customer_id=customer_id).order_by("-pk")[:PAYMENTS_LOOKED_AT]
    before = timezone.now() - QUIET
    return [row for row in newest if row.state in STUCK and row.created < before]
