"""Proving that payments and coupons are what their transfers say, both ways; see panel/wallet/audit.py."""

from panel.wallet.audit import Check
from panel.wallet.house import house_id
from panel.wallet.models import Account

GATEWAY = house_id(Account.Kind.GATEWAY)
PROMOTIONS = house_id(Account.Kind.PROMOTIONS)

PAYMENTS = Check(
    "payments",
    f"""
    SELECT CASE
        WHEN paid.id IS NULL THEN format('transfer %%s (%%s): no paid payment stands behind it', moved.id, key)
        WHEN moved.id IS NULL THEN format('payment %%s: %%s toman without a transfer', paid.id, paid.amount)
        ELSE format('payment %%s: %%s toman of customer %%s, its transfer gives %%s to %%s', paid.id, paid.amount,
            paid.customer_id, moved.amount, coalesce(moved.owner_id::text, 'a house account'))
    END
    FROM (SELECT id, customer_id, amount FROM wallet_payment WHERE state = 'paid') paid
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, debit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE transfer.kind = 'payment' OR key ~ '^payment:[0-9]+$'
    ) moved ON moved.key = 'payment:' || paid.id
    WHERE paid.id IS NULL OR moved.id IS NULL
        OR (paid.amount, paid.customer_id, 'payment', {GATEWAY})
            IS DISTINCT FROM (moved.amount, moved.owner_id, moved.kind::text, moved.debit_id)
    """,  # noqa: S608 - a constant
)
BONUSES = Check(
    "bonuses of payments",
    f"""
    SELECT format('payment %%s: %%s toman on top, its transfers say %%s', id, payment.bonus, coalesce(moved.sum, 0))
    FROM (SELECT id, CASE state WHEN 'paid' THEN bonus ELSE 0 END AS bonus, customer_id FROM wallet_payment) payment
    FULL JOIN (
        SELECT split_part(key, ':', 2)::bigint AS id, sum(amount), min(owner_id) AS owner, max(owner_id) AS last,
            bool_and(transfer.kind = 'bonus' AND debit_id = {PROMOTIONS}) AS fits
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE key ~ '^payment:[0-9]{{1,18}}:(bonus|coupon)$'
        GROUP BY 1
    ) moved USING (id)
    WHERE coalesce(payment.bonus, 0) <> coalesce(moved.sum, 0) OR NOT fits
        OR (moved.sum IS NOT NULL AND (customer_id, customer_id) IS DISTINCT FROM (owner, last))
    """,  # noqa: S608 - a constant
)
COUPONS = Check(
    "uses of coupons",
    f"""
    SELECT CASE
        WHEN used.id IS NULL
            THEN format('transfer %%s (%%s): no use of a coupon stands behind it', moved.id, moved.key)
        WHEN moved.id IS NULL THEN format('use of a coupon %%s: %%s toman without a transfer', used.id, used.amount)
        ELSE format('use of a coupon %%s: %%s toman for customer %%s, its transfer gives %%s to %%s', used.id,
            used.amount, used.customer_id, moved.amount, coalesce(moved.owner_id::text, 'a house account'))
    END
    FROM (
        SELECT id, amount, customer_id, CASE WHEN payment_id IS NULL THEN 'coupon:' || id
            ELSE 'payment:' || payment_id || ':coupon' END AS key
        FROM wallet_couponuse
    ) used
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, debit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE (transfer.kind = 'bonus' AND transfer.currency = 'toman' AND key !~ '^payment:[0-9]{{1,18}}:bonus$')
            OR key LIKE 'coupon:%%' OR key LIKE 'payment:%%:coupon'
    ) moved ON moved.key = used.key
    WHERE used.id IS NULL OR moved.id IS NULL
        OR (used.amount, used.customer_id, 'bonus', {PROMOTIONS})
            IS DISTINCT FROM (moved.amount, moved.owner_id, moved.kind::text, moved.debit_id)
    """,  # noqa: S608 - a constant
)
PAYMENT_CHECKS = (PAYMENTS, BONUSES, COUPONS)
