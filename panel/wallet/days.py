"""The money of each day in Tehran: beat measures it, the admin's front page reads rows.

A run reads the transfers of yesterday and today, which the BRIN index on `created` finds however many there are. Days
before stay as they were measured last; a first run measures as many as the charts show.
"""

from django.db import connection, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from panel.lib.tehran_days import list_days_to_measure, start_of
from panel.wallet.day_models import MoneyDay
from panel.wallet.models import Account, Currency

FIELDS = ["sales", "refunds", "deposits", "measured_at"]
_SUMS = """
SELECT (created AT TIME ZONE 'Asia/Tehran')::date,
    coalesce(sum(amount) FILTER (WHERE kind IN ('charge', 'sms')), 0),
    coalesce(sum(amount) FILTER (WHERE kind IN ('refund', 'sms_refund')), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0)
FROM wallet_transfer
WHERE created >= %s AND currency = 'toman' AND kind IN ('charge', 'sms', 'refund', 'sms_refund', 'payment')
GROUP BY 1
"""


def measure_money():
    """Store the MoneyDays that may have changed; returns how many."""
    days = list_days_to_measure(MoneyDay.objects.aggregate(newest=Max("day"))["newest"])
    now, sums = timezone.now(), _sum_since(start_of(days[0]))
    rows = []
    for day in days:
        sales, refunds, deposits = sums.get(day, (0, 0, 0))
        rows.append(MoneyDay(day=day, sales=sales, refunds=refunds, deposits=deposits, measured_at=now))
    with transaction.atomic():
        MoneyDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=FIELDS)
        MoneyDay.objects.filter(day=days[-1]).update(held=sum_wallets())
    return len(rows)


def sum_wallets():
    """What the house owes its customers: `{currency: the sum of all wallets}`. Reads every account."""
    wallets = Account.objects.filter(kind=Account.Kind.WALLET)
    sums = dict(wallets.order_by().values_list("currency").annotate(Sum("balance")))
    return {currency: int(sums.get(currency, 0)) for currency in Currency.values}


def read_money(days):
    """`{date: MoneyDay}` of these dates, one after the other; a date that nobody measured has an empty one."""
    found = {row.day: row for row in MoneyDay.objects.filter(day__gte=days[0], day__lte=days[-1])}
    return {day: found.get(day) or MoneyDay(day=day, measured_at=None) for day in days}


def _sum_since(moment):
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [moment])
        return {day: tuple(map(int, sums)) for day, *sums in cursor.fetchall()}
