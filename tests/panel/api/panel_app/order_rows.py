"""What orders of panel-app are sent with and told as, for the tests of both."""

from orders.models import IdempotencyKey, Order
from panel.api.panel_app.base import unix
from panel.wallet.ledger import read_balance
from tests.panel.api.panel_app.calls import LINK

NO_SUB = dict.fromkeys(
    ["sub_posts", "sub_min", "sub_max", "sub_delay", "sub_expiry"]
    + ["sub_response_orders", "sub_response_posts", "sub_status"]
)
FORBIDDEN = {"status": 403, "message": "منع دسترسی"}


def body(service, **fields):
    """A right order of the service, with `fields` on top."""
    return {
        "service_id": service.pk,
        "category_id": service.category_id,
        "link": LINK,
        "quantity": 100,
    } | fields


def refusal(words):
    """The answer that refuses with these words."""
    return 200, {"status": 400, "message": words}


def holdings(customer):
    """What an order would have changed: orders, idempotency keys, the balance."""
    return Order.objects.count(), IdempotencyKey.objects.count(), read_balance(customer.pk)


def describe(order, **told):
    """The document's keys, in its order, of a plain order of 100 at 200 toman."""
    return {
        "id": order.pk,
        "ids": None,
        "type": "mobile_app",
        "cate_id": order.service.category_id,
        "service_id": order.service_id,
        "service_type": "default",
        "api_provider_id": None,
        "api_service_id": None,
        "api_order_id": 0,
        "uid": order.customer_id,
        "link": LINK,
        "quantity": 100,
        "usernames": None,
        "username": None,
        "hashtags": None,
        "hashtag": None,
        "media": None,
        "comments": None,
        **NO_SUB,
        "charge": 200,
        "status": "pending",
        "start_counter": 0,
        "remains": "100",
        "is_drip_feed": 0,
        "runs": 0,
        "interval": 0,
        "dripfeed_quantity": 0,
        "note": None,
        "changed": unix(order.changed),
        "created": unix(order.created),
    } | told
