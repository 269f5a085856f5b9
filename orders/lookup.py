"""What the holder of a token may read, each in one prepared statement: who they are, their orders, their balance."""

from dataclasses import dataclass

from psycopg.types.numeric import Int8

from orders.placing_sql import KEY_HOLDER
from orders.refusals import STANDINGS, OrderRefused, Refusal
from panel.lib.prepared import run_prepared
from panel.lib.tracing import note

# Only the constant KEY_HOLDER goes into the texts.
_CUSTOMER = f"SELECT w.customer_id, w.standing FROM ({KEY_HOLDER}) w WHERE w.standing <> 'locked'".encode()  # noqa: S608
_BALANCE = f"""
SELECT w.customer_id, coalesce(a.balance, 0) FROM ({KEY_HOLDER}) w
LEFT JOIN wallet_account a ON a.owner_id = w.customer_id AND a.currency = 'toman' AND a.kind = 'wallet'
WHERE w.standing <> 'locked'
""".encode()  # noqa: S608
_ORDERS = f"""
SELECT w.customer_id, o.id, o.status, o.charge, o.refunded, o.quantity, o.start_count, o.remains FROM ({KEY_HOLDER}) w
LEFT JOIN orders_order o ON o.customer_id = w.customer_id AND o.id = ANY ($5::bigint[])
WHERE w.standing <> 'locked'
""".encode()  # noqa: S608
_CATALOGUE = f"""
SELECT w.customer_id, w.discount, coalesce(v.number, 0) FROM ({KEY_HOLDER}) w
LEFT JOIN orders_catalogueversion v ON v.id = 1 WHERE w.standing <> 'locked'
""".encode()  # noqa: S608


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as its owner sees it. Money is toman; `start_count` and `remains` are None until known."""

    id: int
    status: str
    charge: int
    refunded: int
    quantity: int
    start_count: int | None
    remains: int | None


def find_customer_id(bearer, to_order=False):
    """The active customer who holds the token. Raises OrderRefused(KEY_INVALID), as all below do.

    With `to_order` also CUSTOMER_BLOCKED or READ_ONLY, for those who may look and not order.
    """
    customer_id, standing = _only(run_prepared(_CUSTOMER, bearer.identity))
    if to_order and standing:
        raise OrderRefused(STANDINGS[standing])
    return customer_id


def require_writer(bearer):
    """Refuse the holder of a token that may only read. Raises OrderRefused(READ_ONLY)."""
    standing = _only(run_prepared(_CUSTOMER, bearer.identity))[1]
    if standing == "read_only":
        raise OrderRefused(Refusal.READ_ONLY)


def find_balance(bearer):
    """What the token holder's wallet holds, in toman."""
    return _only(run_prepared(_BALANCE, bearer.identity))[1]


def find_catalogue_terms(bearer):
    """The token holder's discount in percent and the catalogue's version: what a rendered list depends on."""
    return _only(run_prepared(_CATALOGUE, bearer.identity))[1:]


def find_orders(bearer, ids):
    """`{id: OrderView}` of those `ids` that are the token holder's own orders."""
    rows = run_prepared(_ORDERS, (*bearer.identity, [Int8(pk) for pk in ids]))
    _only(rows)
    return {row[1]: OrderView(*row[1:]) for row in rows if row[1] is not None}


def _only(rows):
    """The first row, which begins with the customer's id."""
    if not rows:
        raise OrderRefused(Refusal.KEY_INVALID)
    note(customer=rows[0][0])
    return rows[0]
