"""What was spent at providers by day in Tehran: beat measures it, the provider's page reads rows.

A run reads the orders that ended yesterday or today, by the BRIN index on `settled_at`, each with the dispatch
that was accepted. A part of a drip-feed counts by itself: it is what the provider was sent.
"""

from django.db import connection, transaction
from django.db.models import Max

from panel.lib.tehran_days import list_days_to_measure, start_of
from providers.day_models import ProviderDay

_ENDED = """
SELECT d.provider_id, (o.settled_at AT TIME ZONE 'Asia/Tehran')::date, count(*), coalesce(round(sum(o.cost)), 0)
FROM orders_order o JOIN providers_dispatch d ON d.order_id = o.id AND d.state = 'accepted'
WHERE o.settled_at >= %s GROUP BY 1, 2
"""


def measure_providers():
    """Store the ProviderDays that may have changed; returns how many."""
    days = list_days_to_measure(ProviderDay.objects.aggregate(newest=Max("day"))["newest"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ENDED, [start_of(days[0])])
        rows = [ProviderDay(provider_id=p, day=d, orders=n, cost=int(c)) for p, d, n, c in cursor.fetchall()]
        ProviderDay.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["provider", "day"],
            update_fields=["orders", "cost"],
        )
    return len(rows)


def read_spending(provider_id, days):
    """`{date: toman}` of these dates, one after the other."""
    rows = ProviderDay.objects.filter(provider=provider_id, day__gte=days[0], day__lte=days[-1])
    spent = dict(rows.values_list("day", "cost"))
    return {day: spent.get(day, 0) for day in days}
