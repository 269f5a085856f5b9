"""Plans written by processes that knew no customer on them, in the one statement that places orders."""

from django.db import connection

from orders.models import DripFeed
from tests.factories import make_customer, make_service

OLD_CODE = """
WITH placed AS (
    INSERT INTO orders_order (customer_id, service_id, channel, link, quantity, fields, charge, forwarding)
    VALUES (%s, %s, 'standard', 'https://example.com/p/1', 20, '{}', 40, 'parts') RETURNING id
)
INSERT INTO orders_dripfeed (order_id, runs, quantity, "interval") SELECT id, 2, 10, 60 FROM placed
"""


def test_the_database_fills_in_the_customer_of_the_order(db):
    customer, service = make_customer(), make_service()
    with connection.cursor() as cursor:
        cursor.execute(OLD_CODE, [customer.pk, service.pk])
    assert list(DripFeed.objects.values_list("customer_id", "order__customer_id")) == [(customer.pk,) * 2]
