"""Price levels: the discount that customers have by what they have spent (CustomerTotal, written by beat)."""

from django.db import connection, transaction

_LOCK = 0x5EED1E7E1  # of `apply_levels`, for the whole database
_APPLY = """
UPDATE accounts_customer SET level_discount = wanted.discount
FROM (
    SELECT customer.id, coalesce((
        SELECT level.discount FROM rewards_pricelevel level
        WHERE level.spent_from <= coalesce(total.amount, 0) ORDER BY level.spent_from DESC LIMIT 1
    ), 0) AS discount
    FROM accounts_customer customer LEFT JOIN orders_customertotal total ON total.customer_id = customer.id
) wanted
WHERE wanted.id = accounts_customer.id AND accounts_customer.level_discount <> wanted.discount
"""


def apply_levels():
    """Give each customer the discount of the highest level they have reached; returns how many changed.

    One statement that touches only those. A second run at the same moment does nothing: two that lock the same
    customers in different orders would wait for each other.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_APPLY)
        return cursor.rowcount
