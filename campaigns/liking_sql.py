"""The statement that pays a like: campaign, pace, address, both accounts, the like and its transfers, or nothing.

It locks the campaign, then the person's pace, then the address's day, then the two accounts in id order, as all do
who lock several of them. Its caller rolls back when it did not get as far as the like.
"""

from dataclasses import dataclass
from datetime import datetime

from panel.lib.prepared import run_prepared
from panel.wallet.house import house_id
from panel.wallet.models import Account, Currency

LIKE_SALES, COIN_SALES = (
    house_id(Account.Kind.SALES, currency) for currency in (Currency.LIKE, Currency.COIN)
)

_PAY_LIKE = f"""
WITH camp AS (
    UPDATE campaigns_campaign c SET
        likes = c.likes + 1,
        likes_left = c.likes_left - 1,
        state = CASE WHEN c.likes_left = 1 THEN 'ended' ELSE c.state END,
        rest_due = c.likes_left = 1,
        closed_at = CASE WHEN c.likes_left = 1 THEN now() END,
        look_at = CASE WHEN c.likes_left > 1 THEN c.look_at END
    FROM campaigns_campaignclass k
    WHERE c.id = $2::bigint AND k.id = c.campaign_class_id AND c.state = 'available' AND c.likes_left >= 1
        AND c.owner_id <> $1::bigint
    RETURNING c.id, c.account_id, c.state, k.line, k.waiting, k.max_user_likes, k.campaign_value, k.user_share,
        k.payment_type
),
pace AS (
    INSERT INTO campaigns_pace AS p (customer_id, line, last_at, day, likes)
    SELECT $1::bigint, camp.line, clock_timestamp(), (now() AT TIME ZONE 'UTC')::date, 1 FROM camp
    ON CONFLICT (customer_id, line) DO UPDATE SET
        last_at = clock_timestamp(),
        day = greatest(p.day, excluded.day),
        likes = CASE WHEN p.day >= excluded.day THEN p.likes + 1 ELSE 1 END
    WHERE p.last_at <= clock_timestamp() - make_interval(secs => (SELECT waiting FROM camp))
        AND (p.day < excluded.day OR p.likes < (SELECT max_user_likes FROM camp))
    RETURNING p.id
),
spot AS (
    INSERT INTO campaigns_addressday AS a (address, day, likes)
    SELECT $4::text, (now() AT TIME ZONE 'UTC')::date, 1 FROM pace
    ON CONFLICT (address, day) DO UPDATE SET likes = a.likes + 1 WHERE a.likes < $5::bigint
    RETURNING a.id
),
purses AS (
    SELECT w.id FROM wallet_account w
    WHERE w.id = ANY (ARRAY[(SELECT account_id FROM camp), $3::bigint]) AND EXISTS (SELECT FROM spot)
    ORDER BY w.id FOR NO KEY UPDATE
),
paid AS (
    UPDATE wallet_account w SET balance = w.balance - (SELECT campaign_value FROM camp)
    WHERE w.id = (SELECT account_id FROM camp) AND w.balance >= (SELECT campaign_value FROM camp)
        AND (SELECT count(*) FROM purses) = 2
    RETURNING w.id
),
earned AS (
    UPDATE wallet_account w SET balance = w.balance + (SELECT user_share FROM camp)
    WHERE w.id = $3::bigint AND EXISTS (SELECT FROM paid) RETURNING w.id
),
liked AS (
    INSERT INTO campaigns_like (campaign_id, customer_id, user_share, house_share, recheck_at)
    SELECT camp.id, $1::bigint, camp.user_share, camp.campaign_value - camp.user_share, $6::timestamptz
    FROM camp CROSS JOIN earned RETURNING id
),
moved AS (
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, reference)
    SELECT camp.account_id, $3::bigint, camp.user_share, camp.payment_type, 'like', 'like:' || liked.id || ':user',
        liked.id
    FROM camp CROSS JOIN liked
    UNION ALL
    SELECT camp.account_id, CASE camp.payment_type WHEN 'like' THEN {LIKE_SALES} ELSE {COIN_SALES} END,
        camp.campaign_value - camp.user_share, camp.payment_type, 'like_share', 'like:' || liked.id || ':house',
        liked.id
    FROM camp CROSS JOIN liked WHERE camp.campaign_value > camp.user_share
)
SELECT camp.id, pace.id, spot.id, liked.id, camp.state = 'ended'
FROM (VALUES (1)) one LEFT JOIN camp ON true LEFT JOIN pace ON true LEFT JOIN spot ON true LEFT JOIN liked ON true
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far the statement got: an id of each row, None from the step on that refused; `liked` is success."""

    campaign: int | None
    pace: int | None
    address: int | None
    liked: int | None
    ended: bool | None


def pay_like(
    customer_id: int,
    campaign_id: int,
    wallet_id: int,
    address: str,
    most_of_address: int,
    recheck_at: datetime | None,
) -> Outcome:
    """Run the statement inside the caller's transaction.

    Raises psycopg.errors.UniqueViolation when this person's like of the campaign is there already.
    """
    parameters = (customer_id, campaign_id, wallet_id, address, most_of_address, recheck_at)
    return Outcome(*run_prepared(_PAY_LIKE, parameters, savepoint=False)[0])
