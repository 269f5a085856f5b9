"""The caller's orders: listed, placed and told one by one (contracts: panel-app-v1, order)."""

import json

from django.utils import timezone
from rest_framework.response import Response

from orders.lookup import find_customer_id
from orders.models import Order
from orders.refusals import OrderRefused, Refusal
from orders.services import place_order_by_token
from panel.api.panel_app.base import PanelView, answer, read_parameters, unix
from panel.api.panel_app.catalogue import read_number
from panel.api.panel_app.errors import FORBIDDEN
from panel.api.panel_app.order_fields import read_order, rename_field
from panel.api.rest.fields import HIGHEST_ID, read_whole
from panel.api.rest.views import CallRefused

CHANNEL = str(Order.Channel.PANEL_APP)
PLACED = "Order placed successfully"
# The document's list has no pages: it ends with so many, and `limit` and `offset` may ask for others.
MAX_LISTED = 100
MAX_OFFSET = 10**9
STATUS_WORDS = {status: status.value for status in Order.Status} | {Order.Status.IN_PROGRESS: "inprogress"}
TYPES = {
    Order.Channel.DASHBOARD: "direct",
    Order.Channel.PANEL_APP: "mobile_app",
    Order.Channel.GIFT: "mobile_app_gift",
}
OTHER_TYPE = "api"
TOLD_FIELDS = ("usernames", "username", "hashtags", "hashtag", "media", "comments")


class OrdersView(PanelView):
    """`GET order` and `POST order`."""

    def get(self, request):
        """The newest of the caller's orders, whatever contract they were placed through; parts are not listed."""
        given = read_parameters(request)
        limit = read_number(given, "limit", 1, MAX_LISTED) or MAX_LISTED
        offset = read_number(given, "offset", 0, MAX_OFFSET) or 0
        own = _find_orders().filter(customer_id=request.user, parent=None).order_by("-id")
        rows = list(own[offset : offset + limit])
        parts = _find_parts(rows)
        return answer(orders=[describe_order(row, parts.get(row.pk, ())) for row in rows])

    def post(self, request):
        """Place an order, once for an Idempotency-Key."""
        placed = _place(request)
        return answer(201, message=PLACED, order=describe_placed(_find_orders().get(pk=placed.order_id)))


class OneOrderView(PanelView):
    """`GET order/{id}`: the bare order."""

    def get(self, request, order_id=""):
        number = read_whole(order_id) or 0
        order = _find_orders().filter(pk=number).first() if 0 < number <= HIGHEST_ID else None
        if order is None:
            raise OrderRefused(Refusal.ORDER_UNKNOWN)
        if order.customer_id != request.user:
            raise CallRefused(403, FORBIDDEN)
        told = describe_order(order, _find_parts([order]).get(order.pk, ()))
        return Response({"status": told.pop("status"), **told})


def describe_order(order, parts):
    """The document's keys of an Order that came with its service and plan; `parts` are the ids of its parts."""
    drip = getattr(order, "dripfeed", None)
    fields = order.fields or {}
    return {
        "id": order.pk,
        "ids": None,
        "type": TYPES.get(order.channel, OTHER_TYPE),
        "cate_id": order.service.category_id,
        "service_id": order.service_id,
        "service_type": order.service.type,
        "api_provider_id": None,
        "api_service_id": None,
        "api_order_id": 0,
        "uid": order.customer_id,
        "link": order.link,
        "quantity": order.quantity,
        **{name: fields.get(name) for name in TOLD_FIELDS},
        **_describe_subscription(getattr(order, "subscription", None), parts),
        "charge": order.charge - order.refunded,
        "status": STATUS_WORDS[order.status],
        "start_counter": order.start_count or 0,
        "remains": str(_count_remains(order)),
        "is_drip_feed": int(drip is not None),
        "runs": drip.runs if drip else 0,
        "interval": drip.interval if drip else 0,
        "dripfeed_quantity": drip.quantity if drip else 0,
        "note": None,
        "changed": unix(order.changed),
        "created": unix(order.created),
    }


def describe_placed(order):
    """The document's keys of an order just placed."""
    return {
        "uid": order.customer_id,
        "cate_id": order.service.category_id,
        "service_id": order.service_id,
        "service_type": order.service.type,
        "link": order.link,
        "quantity": order.quantity,
        "charge": order.charge - order.refunded,
        "api_provider_id": None,
        "api_service_id": None,
        "is_drip_feed": int(getattr(order, "dripfeed", None) is not None),
        "status": STATUS_WORDS[order.status],
        "type": TYPES.get(order.channel, OTHER_TYPE),
        "changed": unix(order.changed),
        "created": unix(order.created),
        "id": order.pk,
    }


def _place(request):
    try:
        wanted, names = read_order(request.data, request.headers.get("Idempotency-Key", ""))
    except CallRefused:
        find_customer_id(request.auth, to_order=True)  # who may not order learns nothing else
        raise
    try:
        return place_order_by_token(request.auth, CHANNEL, wanted)
    except OrderRefused as refused:
        raise rename_field(refused, names) from refused


def _find_orders():
    return Order.objects.select_related("service", "dripfeed", "subscription")


def _find_parts(orders):
    """`{order id: ids of its parts}` of the subscriptions among `orders`, in one query or none."""
    plans = [order.pk for order in orders if getattr(order, "subscription", None) is not None]
    parts = {pk: [] for pk in plans}
    found = Order.objects.filter(parent__in=plans).order_by("id") if plans else Order.objects.none()
    for pk, parent_id in found.values_list("pk", "parent_id"):
        parts[parent_id].append(pk)
    return parts


def _describe_subscription(plan, parts):
    if plan is None:
        names = ("posts", "min", "max", "delay", "expiry", "response_orders", "response_posts", "status")
        return {f"sub_{name}": None for name in names}
    ends = plan.expires_at
    return {
        "username": plan.username,
        "sub_posts": plan.posts,
        "sub_min": plan.min,
        "sub_max": plan.max,
        "sub_delay": plan.delay,
        "sub_expiry": f"{timezone.localtime(ends):%d/%m/%Y}" if ends else None,
        "sub_response_orders": json.dumps(parts),
        "sub_response_posts": plan.made,
        "sub_status": plan.state.capitalize(),
    }


def _count_remains(order):
    """What remains; as long as nobody told, all of an order that isn't completed."""
    if order.remains is not None:
        return order.remains
    return 0 if order.status == Order.Status.COMPLETED else order.quantity
