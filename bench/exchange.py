"""What a row of the like exchange is filled with: campaigns with budgets, and likes that were paid.

As in `bench.seeding` every unit comes from a transfer, so that `audit_ledger` holds.
"""

from django.db import connection

from campaigns.models import CampaignClass, Report
from panel.accounts.models import ApiToken, Customer
from panel.lib.secrets import digest_token
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, Currency

VALUE, SHARE = 10, 5  # likes that a like costs, and of those the liker's
CODE = "CA2-Sn-n9YX"
_PARAMETERS = {
    "promotions": house_id(Account.Kind.PROMOTIONS, Currency.LIKE),
    "sales": house_id(Account.Kind.SALES, Currency.LIKE),
    "url": f"https://www.instagram.com/p/{CODE}/",
    "code": CODE,
    "value": VALUE,
    "share": SHARE,
}
# `turn` follows the ids: the campaign made first is the next one.
_FILL = """
WITH made AS MATERIALIZED (
    SELECT n, nextval(pg_get_serial_sequence('wallet_account', 'id')) AS account_id,
        nextval(pg_get_serial_sequence('campaigns_campaign', 'id')) AS campaign_id
    FROM generate_series(1, %(count)s::bigint) n ORDER BY n
),
purses AS (
    INSERT INTO wallet_account (id, owner_id, currency, kind, balance)
    SELECT account_id, %(owner)s, 'like', 'budget', %(likes)s * %(value)s FROM made
),
moved AS (
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, reference)
    SELECT %(promotions)s, account_id, %(likes)s * %(value)s, 'like', 'campaign',
        'campaign:' || campaign_id || ':budget', campaign_id
    FROM made
)
INSERT INTO campaigns_campaign (id, owner_id, campaign_class_id, target_url, target_code, target_id, description,
    phone, website, address, budget, account_id, source_id, state, likes, likes_left, stopped, reason, looks,
    rest_due, turn, reviewed_at)
SELECT campaign_id, %(owner)s, %(class)s, %(url)s, %(code)s, '', '', '', '', '', %(likes)s * %(value)s, account_id,
    %(promotions)s, 'available', 0, %(likes)s, false, '', 0, false, campaign_id, now()
FROM made RETURNING id
"""
_LIKE = """
WITH liked AS (
    INSERT INTO campaigns_like (campaign_id, customer_id, user_share, house_share)
    SELECT unnest(%(campaigns)s::bigint[]), %(customer)s, %(share)s, %(value)s - %(share)s RETURNING id, campaign_id
),
spent AS (
    UPDATE campaigns_campaign c SET likes = likes + 1, likes_left = likes_left - 1 FROM liked
    WHERE c.id = liked.campaign_id RETURNING c.account_id, liked.id
),
paid AS (
    UPDATE wallet_account w SET balance = balance - %(value)s FROM spent WHERE w.id = spent.account_id
),
moved AS (
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, reference)
    SELECT account_id, %(wallet)s, %(share)s, 'like', 'like', 'like:' || id || ':user', id FROM spent
    UNION ALL
    SELECT account_id, %(sales)s, %(value)s - %(share)s, 'like', 'like_share', 'like:' || id || ':house', id
    FROM spent
)
UPDATE wallet_account SET balance = balance + %(share)s * (SELECT count(*) FROM liked) WHERE id = %(wallet)s
"""


def make_people(count: int) -> list[int]:
    """The ids of so many new customers, each with an empty wallet of likes and the token `make_liker_token` tells."""
    first = Customer.objects.count()
    people = Customer.objects.bulk_create(
        [Customer(username=f"liker{first + number}", password="!") for number in range(count)]
    )
    Account.objects.bulk_create(
        Account(owner=person, kind=Account.Kind.WALLET, currency=Currency.LIKE, balance=0)
        for person in people
    )
    ApiToken.objects.bulk_create(
        ApiToken(
            customer=person,
            contract=ApiToken.Contract.LIKENAMA,
            prefix=make_liker_token(person.pk)[:6],
            digest=digest_token(make_liker_token(person.pk)),
        )
        for person in people
    )
    return [person.pk for person in people]


def make_liker_token(customer_id: int) -> str:
    """The token of a customer of `make_people`, as long as a real one."""
    return f"bench-token-of-liker-{customer_id:08d}"


def make_campaigns(owner_id: int, count: int, likes: int = 1_000) -> list[int]:
    """The ids of so many new campaigns, shown and in the order of the rotation, each with a budget for `likes`."""
    kind, _ = CampaignClass.objects.get_or_create(
        line="bench", payment_type="like", campaign_value=VALUE, user_share=SHARE, max_user_likes=1_000_000
    )
    values = _PARAMETERS | {"owner": owner_id, "class": kind.pk, "count": count, "likes": likes}
    with connection.cursor() as cursor:
        cursor.execute(_FILL, values)
        return sorted(pk for (pk,) in cursor.fetchall())


def pay_likes(customer_id: int, campaign_ids: list[int]) -> None:
    """Let the customer have liked all these, and been paid for them."""
    wallet = open_wallet(customer_id, Currency.LIKE)
    values = _PARAMETERS | {"customer": customer_id, "wallet": wallet.pk, "campaigns": campaign_ids}
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, values)


def make_reports(customer_id: int, campaign_ids: list[int]) -> None:
    """Let the customer have complained about all these."""
    Report.objects.bulk_create(
        Report(customer_id=customer_id, campaign_id=campaign_id) for campaign_id in campaign_ids
    )
