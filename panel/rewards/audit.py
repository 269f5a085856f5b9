"""Proving that rewards in money are what their transfers say, both ways; see panel/wallet/audit.py."""

from panel.wallet.audit import Check
from panel.wallet.house import house_id
from panel.wallet.models import Account

PROMOTIONS = house_id(Account.Kind.PROMOTIONS)

FREE_CREDITS = Check(
    "free credits",
    f"""
    SELECT CASE
        WHEN given.id IS NULL THEN format('transfer %%s: no free credit stands behind it', moved.id)
        WHEN moved.id IS NULL THEN format('free credit %%s: %%s toman without a transfer', given.id, given.amount)
        ELSE format('free credit %%s: %%s toman for customer %%s, its transfer gives %%s to %%s', given.id,
            given.amount, given.customer_id, moved.amount, coalesce(moved.owner_id::text, 'a house account'))
    END
    FROM rewards_freecredit given
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, debit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE transfer.kind = 'reward' OR key LIKE 'free-credit:%%'
    ) moved ON moved.key = 'free-credit:' || given.id
    WHERE given.id IS NULL OR moved.id IS NULL
        OR (given.amount, given.customer_id, 'reward', {PROMOTIONS})
            IS DISTINCT FROM (moved.amount, moved.owner_id, moved.kind::text, moved.debit_id)
    """,  # noqa: S608 - a constant
)
REFERRALS = Check(
    "referral shares",
    f"""
    SELECT CASE
        WHEN given.id IS NULL THEN format('transfer %%s: no referral share stands behind it', moved.id)
        WHEN moved.id IS NULL THEN format('referral share %%s: %%s toman without a transfer', given.id, given.amount)
        ELSE format('referral share %%s: %%s toman for customer %%s, its transfer gives %%s to %%s', given.id,
            given.amount, given.referrer_id, moved.amount, coalesce(moved.owner_id::text, 'a house account'))
    END
    FROM (
        SELECT reward.id, payment_id, amount, referrer_id
        FROM rewards_referralreward reward JOIN rewards_referral referral
            ON referral.customer_id = reward.referral_id
    ) given
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, debit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE transfer.kind = 'referral' OR key LIKE 'referral:payment:%%'
    ) moved ON moved.key = 'referral:payment:' || given.payment_id
    WHERE given.id IS NULL OR moved.id IS NULL
        OR (given.amount, given.referrer_id, 'referral', {PROMOTIONS})
            IS DISTINCT FROM (moved.amount, moved.owner_id, moved.kind::text, moved.debit_id)
    """,  # noqa: S608 - a constant
)
GIFTS = Check(
    "gifts used",
    """
    SELECT CASE
        WHEN won.id IS NULL THEN format('order %%s: a gift order that nobody won', placed.id)
        WHEN placed.id IS NULL THEN format('gift won %%s: used, and its order is missing', won.id)
        ELSE format('gift won %%s: of customer %%s, its order %%s is of customer %%s and costs %%s', won.id,
            won.customer_id, placed.id, placed.customer_id, placed.charge)
    END
    FROM (SELECT id, customer_id, order_id FROM rewards_giftgrant WHERE used_at IS NOT NULL) won
    FULL JOIN (SELECT id, customer_id, charge FROM orders_order WHERE channel = 'gift') placed
        ON placed.id = won.order_id
    WHERE won.id IS NULL OR placed.id IS NULL OR placed.customer_id <> won.customer_id OR placed.charge <> 0
    """,
)
REWARD_CHECKS = (FREE_CREDITS, REFERRALS, GIFTS)
