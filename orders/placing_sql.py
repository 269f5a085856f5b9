"""The statements that place orders: who asks, what it costs, the charge, the order, its transfer and its event.

One statement is one transaction: money can't leave a wallet without its order, and the wallet's condition
`balance >= charge` is checked by the row that is updated, however many ask at once. A charge is rounded up by
`div`, which is exact: `/` rounds a large quotient to few decimals, and `ceil` would miss a toman. `place_one` and
`place_many` are the only callers' way in; orders/services.py turns their rows into answers.
"""

from dataclasses import dataclass

from psycopg.types.numeric import Int8

from orders.plans import DripPlan, SubscriptionPlan
from orders.validation import Shape
from panel.lib.prepared import run_prepared
from panel.lib.tracing import current_trace, note
from panel.wallet.house import house_id
from panel.wallet.models import Account

SALES = house_id(Account.Kind.SALES)
MOST = (
    2**63 - 1
)  # toman in a bigint: the dearest service in a thousand parts costs more, and no wallet holds it

# Each takes $1 to $4. `standing` says why the customer may not order, or nothing: locked, blocked, read_only.
KEY_HOLDER = """
SELECT c.id AS customer_id, greatest(c.discount, c.level_discount) AS discount,
    CASE WHEN NOT c.is_active THEN 'locked' WHEN 'read' = ANY (t.scopes) THEN 'read_only'
        WHEN c.order_block <> '' THEN 'blocked' ELSE '' END AS standing
FROM accounts_apitoken t JOIN accounts_customer c ON c.id = t.customer_id
WHERE t.digest = $1::bytea AND t.contract = $2::text AND t.use = $3::text AND t.revoked_at IS NULL
  AND (t.expires_at IS NULL OR t.expires_at > now())
  AND (t.allowed_networks = '{}' OR $4::text::inet <<= ANY (t.allowed_networks::inet[]))
"""
CUSTOMER = """
SELECT c.id AS customer_id, greatest(c.discount, c.level_discount) AS discount,
    CASE WHEN NOT c.is_active THEN 'locked' WHEN c.order_block <> '' THEN 'blocked' ELSE '' END AS standing
FROM accounts_customer c WHERE c.id = $1::bigint AND $2::text || $3::text || $4::text <> ''
"""

_PLACE_ONE = """
WITH who AS ({who}),
svc AS (
    SELECT s.id, s.price, s.min, s.max, s.pack_size, s.version = $7::bigint AS same_shape
    FROM orders_service s JOIN orders_category g ON g.id = s.category_id
    WHERE s.id = $6::bigint AND s.active AND g.active
),
idem AS (
    SELECT k.order_id, k.input_hash = $13::bytea AS same_input
    FROM who JOIN orders_idempotencykey k ON k.customer_id = who.customer_id AND k.key = $12::text
),
ask AS (
    SELECT who.customer_id, a.id AS account_id, svc.id AS service_id,
        CASE WHEN $10::boolean THEN svc.pack_size ELSE {units} END AS quantity,
        CASE WHEN $10::boolean THEN div(svc.price::numeric * (100 - who.discount) + 99, 100)::bigint
            ELSE least(div(svc.price::numeric * {units} * (100 - who.discount) + 99999, 100000), {most})::bigint
            END AS charge
    FROM who CROSS JOIN svc
    LEFT JOIN wallet_account a ON a.owner_id = who.customer_id AND a.currency = 'toman' AND a.kind = 'wallet'
    WHERE who.standing = '' AND svc.same_shape AND ($10::boolean OR {bounds})
        AND NOT EXISTS (SELECT FROM idem)
),
pay AS (
    UPDATE wallet_account w SET balance = w.balance - ask.charge FROM ask
    WHERE w.id = ask.account_id AND ask.charge > 0 AND w.balance >= ask.charge
    RETURNING w.id
),
placed AS (
    INSERT INTO orders_order (customer_id, service_id, channel, link, quantity, fields, charge, trace{columns})
    SELECT ask.customer_id, ask.service_id, $5::text, $8::text, ask.quantity, $11::text::jsonb, ask.charge,
        $14::uuid{values}
    FROM ask WHERE ask.charge = 0 OR EXISTS (SELECT FROM pay)
    RETURNING id
),{plan}
moved AS (
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, reference)
    SELECT ask.account_id, {sales}, ask.charge, 'toman', 'charge', 'order:' || placed.id || ':charge', placed.id
    FROM ask CROSS JOIN placed WHERE ask.charge > 0
),
told AS (INSERT INTO orders_orderevent (order_id, kind) SELECT id, 'placed' FROM placed),
kept AS (
    INSERT INTO orders_idempotencykey (customer_id, key, input_hash, order_id)
    SELECT ask.customer_id, $12::text, $13::bytea, placed.id FROM ask CROSS JOIN placed WHERE $12::text <> ''
)
SELECT who.customer_id, who.standing, svc.same_shape, svc.min, svc.max,
    idem.order_id, idem.same_input, ask.charge, placed.id
FROM (VALUES (1)) one LEFT JOIN who ON true LEFT JOIN svc ON true LEFT JOIN idem ON true
LEFT JOIN ask ON true LEFT JOIN placed ON true
"""

_PLACE_MANY = """
WITH who AS ({who}),
purse AS (
    SELECT a.id, a.balance FROM who JOIN wallet_account a
        ON a.owner_id = who.customer_id AND a.currency = 'toman' AND a.kind = 'wallet'
    FOR UPDATE OF a
),
item AS (
    SELECT * FROM unnest($6::bigint[], $7::bigint[], $8::text[], $9::bigint[], $10::boolean[], $11::text[],
        $12::text[], $13::bytea[]) WITH ORDINALITY
        AS t (service_id, version, link, count, piece, fields, key, input_hash, place)
),
idem AS (
    SELECT item.place, k.order_id, k.input_hash = item.input_hash AS same_input
    FROM who CROSS JOIN item
    JOIN orders_idempotencykey k ON k.customer_id = who.customer_id AND k.key = item.key WHERE item.key <> ''
),
svc AS (
    SELECT item.place, s.price, s.min, s.max, s.pack_size,
        s.version = item.version AS same_shape
    FROM item JOIN orders_service s ON s.id = item.service_id AND s.active
    JOIN orders_category g ON g.id = s.category_id AND g.active
),
ask AS (
    SELECT item.place, who.customer_id, item.service_id, item.link, item.fields, item.key, item.input_hash,
        CASE WHEN item.piece THEN svc.pack_size ELSE item.count END AS quantity,
        CASE WHEN item.piece THEN div(svc.price::numeric * (100 - who.discount) + 99, 100)::bigint
            ELSE div(svc.price::numeric * item.count * (100 - who.discount) + 99999, 100000)::bigint END AS charge
    FROM item JOIN svc USING (place) CROSS JOIN who
    WHERE who.standing = '' AND svc.same_shape AND (item.piece OR item.count BETWEEN svc.min AND svc.max)
        AND NOT EXISTS (SELECT FROM idem WHERE idem.place = item.place)
),
reach AS (SELECT ask.*, sum(charge) OVER (ORDER BY place) AS total FROM ask),
fit AS (
    SELECT reach.*, nextval('orders_order_id_seq') AS order_id FROM reach
    WHERE charge = 0 OR total <= (SELECT balance FROM purse)
),
pay AS (
    UPDATE wallet_account w SET balance = w.balance - bill.total
    FROM purse, (SELECT sum(charge)::bigint AS total FROM fit) bill
    WHERE w.id = purse.id AND bill.total > 0
    RETURNING w.id
),
placed AS (
    INSERT INTO orders_order (id, customer_id, service_id, channel, link, quantity, fields, charge, trace)
    SELECT order_id, customer_id, service_id, $5::text, link, quantity, fields::jsonb, charge, $14::uuid FROM fit
),
moved AS (
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, reference)
    SELECT purse.id, {sales}, fit.charge, 'toman', 'charge', 'order:' || fit.order_id || ':charge', fit.order_id
    FROM fit CROSS JOIN purse WHERE fit.charge > 0
),
told AS (INSERT INTO orders_orderevent (order_id, kind) SELECT order_id, 'placed' FROM fit),
kept AS (
    INSERT INTO orders_idempotencykey (customer_id, key, input_hash, order_id)
    SELECT customer_id, key, input_hash, order_id FROM fit WHERE key <> ''
)
SELECT who.customer_id, who.standing, svc.same_shape, svc.min, svc.max,
    idem.order_id, idem.same_input, ask.charge, fit.order_id,
    coalesce((SELECT balance FROM purse), 0) - coalesce((SELECT sum(charge) FROM fit), 0)::bigint
FROM item LEFT JOIN who ON true LEFT JOIN svc USING (place) LEFT JOIN idem USING (place)
LEFT JOIN ask USING (place) LEFT JOIN fit USING (place)
ORDER BY place
"""
# An order that runs once, and one in parts: $15 of them, each of at least $16 and at most $9 units. That one is
# not queued itself: its plan's row makes orders of its parts (orders/parts/).
_WHOLE = {
    "units": "$9::bigint",
    "bounds": "$9::bigint BETWEEN svc.min AND svc.max",
    "columns": "",
    "values": "",
    "plan": "",
}
_IN_PARTS = {
    "units": "($9::bigint * $15::bigint)",
    "bounds": "($16::bigint >= svc.min AND $9::bigint <= svc.max)",
    "columns": ", forwarding, next_try_at",
    "values": ", 'parts', NULL",
}
_DRIP_FEED = """
planned AS (
    INSERT INTO orders_dripfeed (order_id, customer_id, runs, quantity, "interval")
    SELECT placed.id, ask.customer_id, $15::bigint, $9::bigint, $17::bigint FROM ask CROSS JOIN placed
),"""
_SUBSCRIPTION = """
planned AS (
    INSERT INTO orders_subscription
        (order_id, customer_id, username, min, max, posts, old_posts, delay, expires_at)
    SELECT placed.id, ask.customer_id, $17::text, $16::bigint, $9::bigint, $15::bigint, $18::bigint, $19::bigint,
        $20::timestamptz
    FROM ask CROSS JOIN placed
),"""


def _write(text, **parts):
    """The statement for each way to name who asks. Only constants of this module go into the text; everything a
    client says is a parameter with a cast."""
    return {
        who: text.format(who=who, sales=SALES, most=MOST, **parts).encode() for who in (KEY_HOLDER, CUSTOMER)
    }


_ONE = _write(_PLACE_ONE, **_WHOLE)
_ONE_DRIP_FEED = _write(_PLACE_ONE, plan=_DRIP_FEED, **_IN_PARTS)
_ONE_SUBSCRIPTION = _write(_PLACE_ONE, plan=_SUBSCRIPTION, **_IN_PARTS)
_MANY = _write(_PLACE_MANY)


@dataclass(frozen=True, slots=True)
class Item:
    """One order as the statements take it; `fields` is JSON text or None, `key` the client's own or empty."""

    service_id: int
    version: int  # of the service, as it was when the fields were read
    link: str
    count: int
    piece: bool
    fields: str | None
    key: str
    input_hash: bytes
    plan: DripPlan | SubscriptionPlan | None = None
    shape: Shape | None = None  # by which it was read

    @property
    def least(self):
        """The smallest quantity that is sent in one go; `count` is the largest."""
        return self.plan.least if isinstance(self.plan, SubscriptionPlan) else self.count


@dataclass(frozen=True, slots=True)
class Row:
    """What the statement saw and did for one order; `order_id` is None when it placed none.

    `left` is what the wallet held afterwards (toman), known for `place_many` only.
    """

    customer_id: int | None
    standing: str | None  # why the caller may not order; empty: may
    same_shape: bool | None  # None: no such service on sale
    min: int | None
    max: int | None
    first_order_id: int | None  # the order this idempotency key already stands for
    same_input: bool | None
    charge: int | None
    order_id: int | None
    left: int = 0


def identify(who, identity):
    """The caller's standing ("" for one who may order), or None when nobody is meant; see `place_one`."""
    rows = run_prepared(f"SELECT standing FROM ({who}) w".encode(), identity)  # noqa: S608 - a constant
    return rows[0][0] if rows else None


def place_one(who, identity, channel, item):
    """Run the statement for one Item.

    `who` is KEY_HOLDER with the identity of a Bearer (orders/callers.py), or CUSTOMER with (customer id, three
    texts that are not all empty). Raises psycopg's UniqueViolation when the same idempotency key is being
    placed elsewhere.
    """
    parameters = (
        *identity,
        channel,
        Int8(item.service_id),
        Int8(item.version),
        item.link,
        Int8(item.count),
        item.piece,
        item.fields,
        item.key,
        item.input_hash,
        current_trace(),
    )
    text, planned = _choose_statement(item)
    row = Row(*run_prepared(text[who], (*parameters, *planned))[0])
    note(customer=row.customer_id)
    return row


def _choose_statement(item):
    """The statement for an Item by its plan, and the parameters that it takes beyond those of a whole order."""
    plan = item.plan
    if plan is None:
        return _ONE, ()
    planned = (Int8(plan.parts), Int8(item.least))
    if isinstance(plan, DripPlan):
        return _ONE_DRIP_FEED, (*planned, Int8(plan.interval))
    told = (plan.username, Int8(plan.old_posts), Int8(plan.delay), plan.expires_at)
    return _ONE_SUBSCRIPTION, (*planned, *told)


def place_many(who, identity, channel, items):
    """Run the set-based statement for a list of Items and return their Rows in order.

    Items are placed as long as the running sum of charges fits the wallet, which is locked meanwhile. Those with
    a plan are none of them: `place_one` places these.
    """
    columns = (
        [Int8(item.service_id) for item in items],
        [Int8(item.version) for item in items],
        [item.link for item in items],
        [Int8(item.count) for item in items],
        [item.piece for item in items],
        [item.fields for item in items],
        [item.key for item in items],
        [item.input_hash for item in items],
    )
    answers = run_prepared(_MANY[who], (*identity, channel, *columns, current_trace()))
    rows = [Row(*row) for row in answers]
    note(customer=rows[0].customer_id)
    return rows
