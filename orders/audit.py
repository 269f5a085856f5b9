"""Proving that every order's money is what its transfers say; see panel/wallet/audit.py for the ledger itself."""

from panel.wallet.audit import Check

CHARGES = Check(
    "charges of orders",
    """
    SELECT CASE
        WHEN placed.id IS NULL THEN format('transfer %%s: charges order %%s, which does not exist',
            charged.id, charged.order_id)
        WHEN charged.id IS NULL THEN format('order %%s: charge %%s without a transfer', placed.id, placed.charge)
        ELSE format('order %%s: charge %%s, its transfer takes %%s from customer %%s', placed.id, placed.charge,
            charged.amount, coalesce(charged.owner_id::text, 'none: a house account'))
    END
    FROM orders_order placed
    FULL JOIN (
        SELECT transfer.id, amount, owner_id, split_part(key, ':', 2)::bigint AS order_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = debit_id
        WHERE transfer.kind = 'charge' AND key ~ '^order:[0-9]{1,18}:charge$'
    ) charged ON charged.order_id = placed.id
    WHERE placed.id IS NULL OR placed.charge <> coalesce(charged.amount, 0)
        OR (charged.id IS NOT NULL AND charged.owner_id IS DISTINCT FROM placed.customer_id)
    """,
)
REFUNDS = Check(
    "refunds of orders",
    """
    SELECT CASE
        WHEN placed.id IS NULL THEN format('order %%s: refunded %%s, but does not exist', paid.order_id, paid.sum)
        ELSE format('order %%s: refunded %%s of %%s, its transfers give back %%s to %%s', placed.id,
            placed.refunded, placed.charge, coalesce(paid.sum, 0),
            CASE WHEN paid.strangers > 0 THEN 'others as well' ELSE 'its customer' END)
    END
    FROM orders_order placed
    FULL JOIN (
        SELECT refund.order_id, sum(refund.amount),
            count(*) FILTER (WHERE owner_id IS DISTINCT FROM customer_id) AS strangers
        FROM (
            SELECT split_part(key, ':', 2)::bigint AS order_id, amount, owner_id
            FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
            WHERE transfer.kind = 'refund' AND key ~ '^order:[0-9]{1,18}:refund:'
        ) refund
        LEFT JOIN orders_order ON orders_order.id = refund.order_id
        GROUP BY refund.order_id
    ) paid ON paid.order_id = placed.id
    WHERE placed.id IS NULL OR placed.refunded <> coalesce(paid.sum, 0) OR placed.refunded > placed.charge
        OR paid.strangers > 0
    """,
)
KEYS = Check(
    "keys of order transfers",
    """
    SELECT format('transfer %%s (%%s): a %%s of no order', id, key, kind) FROM wallet_transfer
    WHERE (kind = 'charge' AND key !~ '^order:[0-9]{1,18}:charge$')
        OR (kind = 'refund' AND key !~ '^order:[0-9]{1,18}:refund:')
    """,
)
SERVICES = Check(
    "services of orders",
    """
    SELECT format('order %%s: its service %%s does not exist', placed.id, placed.service_id)
    FROM orders_order placed LEFT JOIN orders_service ON orders_service.id = placed.service_id
    WHERE orders_service.id IS NULL
    """,
)
ORDER_CHECKS = (CHARGES, REFUNDS, KEYS, SERVICES)
