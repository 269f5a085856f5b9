"""Proving that campaigns, likes, sold codes and bundles are what their transfers say; see panel/wallet/audit.py."""

from panel.wallet.audit import Check
from panel.wallet.house import house_id
from panel.wallet.models import Account, Currency

COIN_SALES, COIN_GATEWAY, COIN_PROMOTIONS = (
    house_id(kind, Currency.COIN)
    for kind in (Account.Kind.SALES, Account.Kind.GATEWAY, Account.Kind.PROMOTIONS)
)
LIKE_SALES = house_id(Account.Kind.SALES, Currency.LIKE)

BUDGETS = Check(
    "budgets of campaigns",
    """
    SELECT format('campaign %%s: budget %%s, likes %%s, left %%s; in its account %%s, its transfers give %%s, its'
        ' likes took %%s', campaign.id, campaign.budget, campaign.likes, campaign.likes_left, account.balance,
        coalesce(moved.amount::text, 'nothing'), coalesce(liked.sum, 0))
    FROM campaigns_campaign campaign
    JOIN campaigns_campaignclass class ON class.id = campaign_class_id
    JOIN wallet_account account ON account.id = campaign.account_id
    LEFT JOIN wallet_transfer moved ON moved.key = 'campaign:' || campaign.id || ':budget'
    LEFT JOIN (
        SELECT campaign_id, count(*), sum(user_share + house_share) FROM campaigns_like
        WHERE check_state <> 'back' GROUP BY campaign_id
    ) liked ON liked.campaign_id = campaign.id
    WHERE (campaign.budget, campaign.source_id, campaign.account_id, 'campaign', class.payment_type)
            IS DISTINCT FROM (moved.amount, moved.debit_id, moved.credit_id, moved.kind::text, account.currency)
        OR campaign.likes <> coalesce(liked.count, 0)
        OR coalesce(liked.sum, 0) <> campaign.likes::bigint * class.campaign_value
        OR (campaign.state IN ('pending', 'available')
            AND campaign.likes_left <> account.balance / class.campaign_value)
        OR (campaign.state IN ('rejected', 'ended', 'unavailable') AND NOT campaign.rest_due AND account.balance <> 0)
    """,
)
LIKES = Check(
    "shares of likes",
    f"""
    SELECT format('like %%s: shares %%s + %%s of campaign %%s, its transfers: %%s', coalesce(paid.id, moved.id),
        user_share, house_share, campaign_id, coalesce(moved.told, 'none'))
    FROM (
        SELECT plike.id, plike.user_share, plike.house_share, campaign_id, customer_id, check_state, account_id,
            payment_type, campaign_value
        FROM campaigns_like plike
        JOIN campaigns_campaign campaign ON campaign.id = campaign_id
        JOIN campaigns_campaignclass class ON class.id = campaign_class_id
    ) paid
    FULL JOIN (
        SELECT CASE WHEN key ~ '^like:[0-9]{{1,18}}:' THEN split_part(key, ':', 2)::bigint END AS id,
            sum(CASE WHEN key ~ ':user$' AND transfer.kind = 'like' AND credit.kind = 'wallet' THEN amount
                WHEN key ~ ':back:user$' AND transfer.kind = 'like_back' AND debit.kind = 'wallet' THEN -amount
                END) AS user_net,
            sum(CASE WHEN key ~ '^like:[0-9]+:house$' AND transfer.kind = 'like_share' THEN amount
                WHEN key ~ ':back:house$' AND transfer.kind = 'like_back' THEN -amount END) AS house_net,
            bool_and(CASE WHEN key ~ ':back:' THEN credit.kind = 'budget' ELSE debit.kind = 'budget' END AND (
                key !~ ':house$' OR
                CASE WHEN key ~ ':back:' THEN debit_id ELSE credit_id END IN ({LIKE_SALES}, {COIN_SALES})
            )) AS fits,
            min(CASE WHEN key ~ ':back:' THEN credit_id ELSE debit_id END) AS budget_id,
            max(CASE WHEN key ~ ':back:' THEN credit_id ELSE debit_id END) AS last_budget_id,
            min(coalesce(CASE WHEN key ~ ':back:' THEN debit.owner_id ELSE credit.owner_id END, 0))
                FILTER (WHERE key ~ ':user$') AS liker_id,
            max(CASE WHEN key ~ ':back:' THEN debit.owner_id ELSE credit.owner_id END)
                FILTER (WHERE key ~ ':user$') AS last_liker_id,
            min(transfer.currency) AS currency, max(transfer.currency) AS last_currency,
            string_agg(format('%%s %%s', key, amount), ', ' ORDER BY transfer.id) AS told
        FROM wallet_transfer transfer
        JOIN wallet_account debit ON debit.id = debit_id JOIN wallet_account credit ON credit.id = credit_id
        WHERE transfer.kind IN ('like', 'like_share', 'like_back') OR key ~ '^like:[0-9]{{1,18}}:'
        GROUP BY 1
    ) moved USING (id)
    WHERE paid.campaign_id IS NULL OR moved.told IS NULL OR NOT fits OR paid.account_id <> budget_id
        OR budget_id <> last_budget_id OR (liker_id, last_liker_id) IS DISTINCT FROM (customer_id, customer_id)
        OR currency <> payment_type OR last_currency <> payment_type
        OR user_share + house_share <> campaign_value
        OR coalesce(user_net, 0) <> CASE WHEN check_state = 'back' THEN 0 ELSE user_share END
        OR coalesce(house_net, 0) <> CASE WHEN check_state = 'back' THEN 0 ELSE house_share END
    """,  # noqa: S608 - constants
)
CODES = Check(
    "sold codes",
    f"""
    SELECT CASE
        WHEN sold.id IS NULL THEN format('transfer %%s (%%s): no sold code stands behind it', moved.id, key)
        WHEN moved.id IS NULL THEN format('code %%s: sold for %%s coins without a transfer', sold.id, price)
        ELSE format('code %%s: sold to customer %%s for %%s coins, its transfer takes %%s from %%s', sold.id,
            buyer_id, price, amount, coalesce(owner_id::text, 'a house account'))
    END
    FROM (SELECT id, buyer_id, price FROM campaigns_productcode WHERE buyer_id IS NOT NULL) sold
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, credit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = debit_id
        WHERE transfer.kind = 'purchase' OR key LIKE 'product-code:%%'
    ) moved ON moved.key = 'product-code:' || sold.id
    WHERE sold.id IS NULL OR moved.id IS NULL
        OR (buyer_id, price::bigint, 'purchase', {COIN_SALES})
            IS DISTINCT FROM (owner_id, amount, moved.kind::text, credit_id)
    """,  # noqa: S608 - a constant
)
BUNDLES = Check(
    "coins of bundles",
    f"""
    SELECT CASE
        WHEN bought.key IS NULL
            THEN format('transfer %%s (%%s): no credited purchase of a bundle stands behind it', moved.id, moved.key)
        WHEN moved.id IS NULL THEN format('%%s: %%s coins without a transfer', bought.key, bought.amount)
        ELSE format('%%s: %%s coins of customer %%s, its transfer gives %%s to %%s', bought.key, bought.amount,
            customer_id, moved.amount, coalesce(owner_id::text, 'a house account'))
    END
    FROM (
        SELECT 'bundle:' || id AS key, customer_id, coins AS amount, 'bundle' AS kind, {COIN_GATEWAY} AS house
        FROM campaigns_bundlepurchase WHERE state = 'credited'
        UNION ALL
        SELECT 'bundle:' || id || ':free', customer_id, free_coins, 'bonus', {COIN_PROMOTIONS}
        FROM campaigns_bundlepurchase WHERE state = 'credited' AND free_coins > 0
    ) bought
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, debit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE transfer.kind = 'bundle' OR (transfer.kind = 'bonus' AND transfer.currency <> 'toman')
            OR key LIKE 'bundle:%%'
    ) moved ON moved.key = bought.key
    WHERE bought.key IS NULL OR moved.id IS NULL
        OR (bought.amount::bigint, customer_id, bought.kind, house)
            IS DISTINCT FROM (moved.amount, owner_id, moved.kind::text, debit_id)
    """,  # noqa: S608 - a constant
)
CAMPAIGN_CHECKS = (BUDGETS, LIKES, CODES, BUNDLES)
