"""A customer's orders, found by what they are. However many there are, a page looks at a bounded number of rows.

Only `(customer, id)` is indexed, and what is indexed on orders costs every placing. So a page reads at most LOOKED of
the customer's newest rows below its cursor; when they hold too little, the page says how far back it looked and goes
on from there. Days are found by halving: ids rise with time. Plans are found by their own index.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from orders.models import Order

LOOKED = 5_000
OPEN = "open"
OPEN_STATUSES = tuple(status for status in Order.Status if status not in Order.FINAL)
DRIP_FEED, SUBSCRIPTION, PLANS = "drip_feed", "subscription", "plans"
KINDS = (DRIP_FEED, SUBSCRIPTION, PLANS)
# Ids are taken a moment before or after their row's time; what is placed together may take a while.
SLACK = timedelta(minutes=10)
MAX_ID = 2**63 - 1

_COLUMNS = "o.customer_id, o.id, o.parent_id, o.status, o.service_id, o.link, o.created"
# An array and an order that only the index by customer has: it is never exchanged for the primary key, which would
# pass by everybody else's orders to find those of somebody who ordered long ago.
_MINE = "customer_id = ANY (ARRAY[%(customer)s]::bigint[])"
_OWN = f"""FROM orders_order o WHERE o.{_MINE} AND o.id >= %(low)s AND o.id < %(high)s
ORDER BY o.customer_id, o.id DESC"""
_PLAN = f"""(SELECT order_id FROM {{table}} WHERE {_MINE} AND order_id >= %(low)s AND order_id < %(high)s
ORDER BY customer_id, order_id DESC LIMIT %(looked)s)"""  # noqa: S608
_OF_PLANS = "FROM ({plans} LIMIT %(looked)s) plan JOIN orders_order o ON o.id = plan.order_id"
_TABLES = {DRIP_FEED: ("orders_dripfeed",), SUBSCRIPTION: ("orders_subscription",)}
_TABLES[PLANS] = (*_TABLES[DRIP_FEED], *_TABLES[SUBSCRIPTION])
_CONDITIONS = {
    "service_id": "service_id = %(service_id)s",
    "words": "strpos(lower(link), lower(%(words)s)) > 0",
    "since": "created >= %(since)s",
    "until": "created < %(until)s",
}
# Where the page isn't full: how far it looked. It is one row at most, which `LIMIT 1` tells the planner: of the other
# limit it knows nothing, takes it for a tenth of all and would read the whole table to join that.
_SEARCH = """
WITH page AS MATERIALIZED (SELECT array({found}) AS ids)
SELECT page.ids, last.id, last.created FROM page LEFT JOIN LATERAL (
    SELECT o.id, o.created
    FROM (SELECT order_id FROM ({last}) looked LIMIT 1) past JOIN orders_order o ON o.id = past.order_id
) last ON true
"""
# Halves the ids between `low` and `high` until they meet: below are the rows before the moment.
_EDGE = f"""
WITH RECURSIVE step (low, high) AS (
    SELECT (SELECT id FROM orders_order WHERE {_MINE} ORDER BY customer_id DESC, id LIMIT 1),
        (SELECT id + 1 FROM orders_order WHERE {_MINE} ORDER BY customer_id, id DESC LIMIT 1)
    UNION ALL
    SELECT CASE WHEN probe.created < %(moment)s THEN probe.id + 1 ELSE step.low END,
        CASE WHEN probe.created < %(moment)s THEN step.high ELSE (step.low + step.high) / 2 END
    FROM step CROSS JOIN LATERAL (
        SELECT id, created FROM orders_order
        WHERE {_MINE} AND id >= (step.low + step.high) / 2 ORDER BY customer_id DESC, id LIMIT 1
    ) probe
    WHERE step.low < step.high
)
SELECT low FROM step WHERE low >= high
"""  # noqa: S608
_SERVICES = f"""SELECT array(SELECT DISTINCT service_id FROM (
    SELECT service_id FROM orders_order o WHERE {_MINE} ORDER BY customer_id, id DESC LIMIT %(looked)s
) newest)"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What orders are looked for; what is left out doesn't matter.

    `status`: one of Order.Status, or OPEN. `kind`: one of KINDS. `words`: a part of the link. `since` and `until`:
    the first moment, and the first one after the last.
    """

    status: str = ""
    service_id: int | None = None
    kind: str = ""
    order_id: int | None = None
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of a page, newest first, and the id below which the next one begins: None at the end.

    `reached`: the time of the last row that was looked at, where there are older rows though the page isn't full.
    """

    ids: list[int]
    older: int | None = None
    reached: datetime | None = None


def search_orders(customer_id, wanted, before=None, size=25, looked=LOOKED):
    """The Found of the customer's orders below `before` that are as `wanted`; at most `looked` rows are looked at.

    Parts of orders are left out: the customer ordered, paid for and is told of the whole.
    """
    low, high = find_bounds(customer_id, wanted)
    values = {"customer": customer_id, "low": low, "high": high if before is None else min(high, before)}
    values |= {"looked": looked, "more": size + 1, "past": looked - 1}
    ids, last, reached = _read(*_write_search(wanted, values))
    return Found(ids[:size], ids[size - 1]) if len(ids) > size else Found(ids, last, reached)


def find_bounds(customer_id, wanted):
    """The ids that can be as `wanted`: from the first one on, below the second."""
    if wanted.order_id is not None:
        return wanted.order_id, wanted.order_id + 1
    low = 0 if wanted.since is None else _find_edge(customer_id, wanted.since - SLACK)
    high = MAX_ID if wanted.until is None else _find_edge(customer_id, wanted.until + SLACK)
    return low, high


def has_order(customer_id, order_id):
    """Whether the customer has an order of that number, parts left out."""
    return Order.objects.filter(pk=order_id, customer_id=customer_id, parent=None).exists()


def list_used_services(customer_id, looked=LOOKED):
    """The ids of the services of the customer's newest `looked` orders."""
    return set(_read(_SERVICES, {"customer": customer_id, "looked": looked})[0])


def _find_edge(customer_id, moment):
    """The id that parts the customer's orders placed before the moment from the others."""
    row = _read(_EDGE, {"customer": customer_id, "moment": moment})
    return row[0] if row else 0


def _write_search(wanted, values):
    conditions = ["parent_id IS NULL"]
    if wanted.status:
        conditions.append("status = ANY (%(statuses)s)")
        values |= {"statuses": list(OPEN_STATUSES) if wanted.status == OPEN else [wanted.status]}
    for name, text in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None and value != "":
            conditions.append(text)
            values |= {name: value}
    # Only constants of this module go into the texts; what people ask for are parameters.
    rows = f"SELECT {_COLUMNS} {_OWN} LIMIT %(looked)s"
    if wanted.kind:
        rows = f"SELECT {_COLUMNS} {_OF_PLANS.format(plans=_list_plans(wanted))}"
    where = " AND ".join(conditions)
    found = f"SELECT id FROM ({rows}) looked WHERE {where} ORDER BY customer_id, id DESC LIMIT %(more)s"  # noqa: S608
    return _SEARCH.format(found=found, last=_write_last(wanted)), values


def _write_last(wanted):
    """The id of the last row that is looked at; none where there are fewer."""
    rows = _list_plans(wanted) if wanted.kind else f"SELECT o.id AS order_id {_OWN}"
    return f"{rows} OFFSET %(past)s LIMIT CASE WHEN cardinality(page.ids) < %(more)s THEN 1 ELSE 0 END"


def _list_plans(wanted):
    plans = " UNION ALL ".join(_PLAN.format(table=table) for table in _TABLES[wanted.kind])
    return f"SELECT order_id FROM ({plans}) plan ORDER BY order_id DESC"  # noqa: S608


def _read(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
