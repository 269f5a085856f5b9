"""A scrape reads no big table from end to end, however many orders have ended."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.webhooks.registering import register_endpoint
from tests.factories import make_customer, make_provider, make_service

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 20_000
BIG = {
    "orders_order",
    "orders_orderevent",
    "orders_webhookdelivery",
    "providers_dispatch",
    "sms_message",
    "wallet_walletevent",
}
FILL = (
    """INSERT INTO orders_order (id, customer_id, service_id, channel, link, quantity, charge, status, forwarding,
        next_try_at, settled_at)
    SELECT n, %(customer)s, %(service)s, 'standard', 'x', 1, 0, 'completed', 'accepted', NULL, now()
    FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO orders_orderevent (order_id, kind, failures, handled_at)
    SELECT n, 'placed', 0, now() FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO providers_dispatch (order_id, provider_id, upstream_service, idempotency_key, state, upstream_id,
        reason, excerpt, raw_status, resolved_by)
    SELECT n, %(provider)s, '1', 'key-' || n, 'accepted', n, '', '', '', '' FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO sms_message ("to", text, kind, key, state, gateway_id, tries, error, "values", next_try_at)
    SELECT '+98', '', 'x', 'key-' || n, 'delivered', '', 1, '', '', NULL FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO wallet_walletevent (customer_id, kind, failures, handled_at)
    SELECT %(customer)s, 'paid', 0, now() FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO orders_webhookdelivery (endpoint_id, event_id, kind, payload, state, tries, error, retry_until,
        next_try_at)
    SELECT %(endpoint)s, n, 'x', '{}', 'sent', 1, '', now(), NULL FROM generate_series(1, %(rows)s) n""",
    "ANALYZE",
)


def find_scans(plan):
    """The tables that the plan reads from end to end."""
    own = {plan["Relation Name"]} if plan["Node Type"] in ("Seq Scan", "Parallel Seq Scan") else set()
    return own.union(*(find_scans(child) for child in plan.get("Plans", ())))


def test_no_big_table_is_read_from_end_to_end(scrape):
    names = {"customer": make_customer().pk, "service": make_service().pk, "rows": ROWS}
    names["endpoint"] = register_endpoint(names["customer"], "https://93.184.216.34/hook", ["orders"]).pk
    names["provider"] = make_provider("http://127.0.0.1:1").pk
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, names)
    with CaptureQueriesContext(connection) as queries:
        scrape()
    scans = set()
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
            (answer,) = cursor.fetchone()
        scans |= find_scans((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
    assert scans & BIG == set()
