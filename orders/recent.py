"""A customer's newest orders by status: counted over so many and no more, since somebody has a million."""

from dataclasses import dataclass

from django.db import connection

LOOKED_AT = 2_000  # rows, parts of orders among them; by the index (customer, -id)
_COUNT = """
SELECT status, forwarding = 'unclear', count(*) FILTER (WHERE parent_id IS NULL), count(*)
FROM (
    SELECT status, forwarding, parent_id FROM orders_order WHERE customer_id = %s ORDER BY id DESC LIMIT %s
) newest
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Recent:
    """`counts` by status of `orders` orders, which are all there are where `whole`.

    `unclear` of them may or may not have been taken upstream, which is being found out. Parts are counted nowhere.
    """

    counts: dict
    orders: int
    unclear: int
    whole: bool


def count_recent(customer_id):
    """The Recent of the customer's newest LOOKED_AT rows; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [customer_id, LOOKED_AT])
        rows = cursor.fetchall()
    counts = {}
    for status, _unclear, orders, _seen in rows:
        counts[status] = counts.get(status, 0) + orders
    unclear = sum(orders for _status, is_unclear, orders, _seen in rows if is_unclear)
    seen = sum(seen for *_rest, seen in rows)
    return Recent(counts, sum(counts.values()), unclear, seen < LOOKED_AT)
