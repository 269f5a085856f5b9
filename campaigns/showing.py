"""Which campaign a person sees next: fair between campaigns, fast with a hundred thousand of them.

The one that was shown longest ago is next, and goes to the end of the line by being shown. Somebody who has done
all at the head of the line gets the first undone one from a random place on: a person's likes lie scattered over
`place`, so few have to be passed however many there are. One statement, index ranges only.
"""

import random
from dataclasses import dataclass

from campaigns.refusals import CampaignRefused, Refusal
from panel.lib.prepared import run_prepared
from panel.wallet.models import Currency

HEAD = 50  # campaigns looked at from the head of the line

# Scalar subqueries: as joins they would read all of the person's likes.
_UNDONE = """
c.owner_id <> $1::bigint AND c.id <> $3::bigint
AND (SELECT l.id FROM campaigns_like l WHERE l.customer_id = $1::bigint AND l.campaign_id = c.id) IS NULL
AND (SELECT r.id FROM campaigns_report r WHERE r.customer_id = $1::bigint AND r.campaign_id = c.id) IS NULL
"""
_FIND_NEXT = f"""
WITH picked AS (
    SELECT id FROM (
        (SELECT c.id FROM (
            SELECT id, owner_id FROM campaigns_campaign WHERE state = 'available' ORDER BY turn, id LIMIT {HEAD}
        ) c WHERE {_UNDONE} LIMIT 1)
        UNION ALL
        (SELECT c.id FROM campaigns_campaign c
            WHERE c.state = 'available' AND c.place >= $2::float8 AND {_UNDONE} ORDER BY c.place LIMIT 1)
        UNION ALL
        (SELECT c.id FROM campaigns_campaign c
            WHERE c.state = 'available' AND c.place < $2::float8 AND {_UNDONE} ORDER BY c.place LIMIT 1)
    ) found LIMIT 1
),
free AS (
    SELECT c.id FROM campaigns_campaign c JOIN picked USING (id) FOR NO KEY UPDATE OF c SKIP LOCKED
),
turned AS (
    UPDATE campaigns_campaign c SET turn = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
    FROM free WHERE c.id = free.id
)
SELECT c.id, k.payment_type, k.user_share, k.waiting, c.cover_id, c.target_url, c.description, c.phone, c.website,
    c.address
FROM picked JOIN campaigns_campaign c USING (id) JOIN campaigns_campaignclass k ON k.id = c.campaign_class_id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign as somebody who may like it sees it; `cover` is the picture's digest or None, `waiting` seconds."""

    id: int
    payment_type: str
    user_share: int
    waiting: int
    cover: str | None
    target_url: str
    description: str
    phone: str
    website: str
    address: str

    def share_in(self, currency):
        """What the liker gets in that currency."""
        return self.user_share if self.payment_type == Currency(currency).value else 0


def find_next(customer_id, skip=0):
    """The Shown campaign for this person now: never their own, a liked, a reported or the one to `skip`.

    Raises CampaignRefused(UNKNOWN) when there is none.
    """
    rows = run_prepared(_FIND_NEXT, (customer_id, random.random(), skip))  # noqa: S311 - no secret
    if not rows:
        raise CampaignRefused(Refusal.UNKNOWN)
    return Shown(*rows[0])
