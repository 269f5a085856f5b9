"""What webhooks tell, for people: when, the fields in words, and examples made by the code that writes deliveries."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from orders.models import Category, Order, OrderEvent, Service, ServiceEvent
from orders.webhooks.announcing import CHANGES_AT_ONCE
from orders.webhooks.payloads import (
    CATALOGUE_CHANGED,
    STATUS_AFTER,
    TEST,
    write_change,
    write_envelope,
    write_order_payload,
)
from panel.api.docs.calls import Field
from panel.api.docs.limits import describe_place, describe_type
from panel.api.docs.snippets import Snippet

MOMENT = datetime(2026, 1, 10, 14, 48, 14, tzinfo=UTC)
# The counts and the refund (toman) that an order of 1,000 for 2,000 toman has in the examples.
COUNTS = {
    Order.Status.IN_PROGRESS: (157, 640, 0),
    Order.Status.COMPLETED: (157, 0, 0),
    Order.Status.PARTIAL: (157, 250, 500),
    Order.Status.CANCELED: (None, None, 2000),
    Order.Status.ERROR: (None, None, 2000),
}


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of delivery: `times` are pairs of a type and when it is sent, `examples` Snippets named by type."""

    anchor: str
    title: str
    description: str
    times: list
    fields: list
    examples: list

    @property
    def sample(self):
        """The examples as api_docs/sample.html shows programs."""
        return {"snippets": self.examples}


def list_events():
    """The kinds of deliveries in the active language."""
    return [_describe_orders(), _describe_catalogue(), _describe_test()]


def list_headers():
    """The headers of every delivery."""
    told = {
        "Content-Type": _("Always application/json."),
        "Webhook-Id": _("The id of the event, as in the body; the same in every try."),
        "Webhook-Timestamp": _("When this try was sent, in unix seconds."),
        "Webhook-Signature": _("v1= and the signature of this try."),
    }
    return [Field(name, describe_place("header"), describe_type({}), "", False, told[name]) for name in told]


def build_payloads():
    """`{type: payload}` with one example of each type."""
    orders = {str(status): _build_order(kind, status) for kind, status in STATUS_AFTER.items()}
    payloads = {one["type"]: one for one in orders.values()}
    payloads[CATALOGUE_CHANGED] = _build_catalogue()
    payloads[TEST] = write_envelope("test-5f0c2b7a91de4436", TEST, 0, MOMENT)
    return payloads


def _build_order(kind, status):
    start, remains, refunded = COUNTS.get(status, (None, None, 0))
    order = Order(
        pk=8412,
        status=status,
        charge=2000,
        refunded=refunded,
        start_count=start,
        remains=remains,
        quantity=1000,
        service_id=12,
        link="https://www.instagram.com/p/abc",
    )
    return write_order_payload(OrderEvent(pk=918273, kind=kind, created=MOMENT), order)


def _build_catalogue():
    service = Service(pk=12, name="Likes", category=Category(active=True), price=2100, min=10, max=10_000)
    changes = [
        ("price_changed", {"old": 2000, "new": 2100}),
        ("bounds_changed", {"old": {"min": 10, "max": 5000}, "new": {"min": 10, "max": 10_000}}),
    ]
    events = [
        ServiceEvent(pk=551 + place, kind=kind, data=data, created=MOMENT)
        for place, (kind, data) in enumerate(changes)
    ]
    envelope = write_envelope("catalogue-77", CATALOGUE_CHANGED, 77, MOMENT)
    return envelope | {"changes": [write_change(event, service) for event in events]}


def _describe_orders():
    times = {
        Order.Status.PENDING: _("The order was placed."),
        Order.Status.PROCESSING: _("The order was accepted and will be carried out."),
        Order.Status.IN_PROGRESS: _("Delivery has begun."),
        Order.Status.COMPLETED: _("Everything was delivered."),
        Order.Status.PARTIAL: _("A part was delivered; the rest was refunded."),
        Order.Status.CANCELED: _("The order was canceled and refunded."),
        Order.Status.ERROR: _("The order failed and was refunded."),
    }
    return _make_event(
        "orders",
        _("Status changes of orders"),
        _("One delivery for each new status of an order. An order may skip some of them."),
        [(f"order.{status}", when) for status, when in times.items()],
        _tell_envelope() | _tell_order(),
    )


def _describe_catalogue():
    return _make_event(
        "catalogue",
        _("Changes of the catalogue"),
        _("Up to %(count)s changes of services in one delivery, in place of an order.")
        % {"count": CHANGES_AT_ONCE},
        [(CATALOGUE_CHANGED, _("A service came, changed its price or bounds, was paused or is sold again."))],
        _tell_envelope() | _tell_changes(),
    )


def _describe_test():
    when = _("You pressed the button for a test on the webhook's page. It is tried once.")
    return _make_event("test", _("Test event"), "", [(TEST, when)], _tell_envelope())


def _make_event(anchor, title, description, times, told):
    fields = [
        Field(name, describe_place("body"), describe_type({"type": types}), "", False, meaning)
        for name, (types, meaning) in told.items()
    ]
    payloads = build_payloads()
    examples = [
        Snippet(kind, json.dumps(payloads[kind], ensure_ascii=False, indent=2)) for kind, _when in times
    ]
    return Event(f"event-{anchor}", title, description, times, fields, examples)


def _tell_envelope():
    return {
        "id": (["string"], _("The id of the event, as in Webhook-Id.")),
        "type": (["string"], _("What happened; one of the types above.")),
        "sequence": (["integer"], _("Of two deliveries about one order the higher one is the later.")),
        "created": (["integer"], _("When it happened, in unix seconds.")),
    }


def _tell_order():
    return {
        "order.id": (["integer"], _("The order's number.")),
        "order.status": (["string"], _("The new status.")),
        "order.charge": (["integer"], _("What the order cost, in toman.")),
        "order.refunded": (["integer"], _("What was given back of it, in toman.")),
        "order.start_count": (
            ["integer", "null"],
            _("The count at the start; null while unknown, or where the order has gone on since."),
        ),
        "order.remains": (
            ["integer", "null"],
            _("How many are still to come; null while unknown, or where the order has gone on since."),
        ),
        "order.quantity": (["integer"], _("How many were ordered.")),
        "order.service": (["integer"], _("The service's id.")),
        "order.link": (["string"], _("The link as it was ordered.")),
    }


def _tell_changes():
    figures = _("A price, or min and max; null where the change has none.")
    return {
        "changes[].sequence": (["integer"], _("Of two changes of one service the higher one is the later.")),
        "changes[].change": (["string"], "added, price_changed, bounds_changed, paused, resumed"),
        "changes[].created": (["integer"], _("When it happened, in unix seconds.")),
        "changes[].old": (["integer", "object", "null"], figures),
        "changes[].new": (["integer", "object", "null"], figures),
        "changes[].service.id": (["integer"], _("The service's id.")),
        "changes[].service.name": (["string"], _("The service's name when the delivery was written.")),
        "changes[].service.on_sale": (["boolean"], _("Whether it could be ordered then.")),
        "changes[].service.price": (
            ["integer"],
            _("Toman per 1,000, per piece for packages; before your discount."),
        ),
        "changes[].service.min": (["integer"], _("The least that can be ordered at once.")),
        "changes[].service.max": (["integer"], _("The most that can be ordered at once.")),
    }
