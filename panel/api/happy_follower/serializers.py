"""What happy-follower's calls carry, and what its answers tell (contracts: happy-follower-v1)."""

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from orders.service_types import TYPE_RULES, Count
from orders.services import OrderRequest
from panel.api.happy_follower.errors import BAD_FIELD, MISSING
from panel.api.rest.fields import IdField, TextField, WholeNumberField

# "services lists what needs no more than link and count": that a package has no count and watch time counts hours
# is for their names to say, for the contract has no place for it.
SOLD_TYPES = tuple(
    kind
    for kind, rule in TYPE_RULES.items()
    if rule.link and not rule.needs and not rule.one_of and rule.count is not Count.LINES
)
STATUS_WORDS = {
    "pending": ("registered", "در انتظار"),
    "processing": ("registered", "در انتظار"),
    "in_progress": ("doing", "در حال انجام"),
    "completed": ("done", "انجام شده"),
    "partial": ("partial", "ناقص"),
    "canceled": ("canceled", "لغو شده"),
    "error": ("error", "خطا"),
}


def _words(name):
    missing = MISSING.format(field=name)
    return {"required": missing, "null": missing, "invalid": BAD_FIELD.format(field=name)}


class OrderInput(serializers.Serializer):
    """The body of `order`. Whether the service takes such a link and count is the engine's to judge."""

    serviceId = IdField(error_messages=_words("serviceId"))  # noqa: N815 - the contract's name
    link = TextField(error_messages=_words("link"))
    count = WholeNumberField(required=False, allow_null=True, error_messages=_words("count"))


class OrderIdInput(serializers.Serializer):
    """The body of `cancel` and `recheck`."""

    orderId = IdField(error_messages=_words("orderId"))  # noqa: N815 - the contract's name


def read_order(request):
    """The OrderRequest of a call's body and Idempotency-Key. Raises ValidationError and a parser's errors."""
    told = _read_body(OrderInput, request)
    values = {"link": told["link"], "quantity": told.get("count")}
    return OrderRequest(told["serviceId"], values, request.headers.get("Idempotency-Key", ""))


def read_order_id(request):
    """The `orderId` of a call's body. Raises ValidationError and a parser's errors."""
    return _read_body(OrderIdInput, request)["orderId"]


def read_path_id(text):
    """The id that a path names; 0, which no order has, for what is no number."""
    try:
        return IdField().to_internal_value(text)
    except ValidationError:
        return 0


def describe_order(order, cost):
    """What `status` tells of an Order or a TrialView; `cost` is what was taken less what came back, in toman."""
    status, title = STATUS_WORDS[order.status]
    unknown = 0 if order.status == "completed" else order.quantity
    return {
        "status": status,
        "statusTitle": title,
        "remain": unknown if order.remains is None else order.remains,
        "oldCount": order.start_count or 0,
        "count": order.quantity,
        "cost": cost,
        "link": order.link,
    }


def _read_body(kind, request):
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    return body.validated_data
