"""What of orders is about a person: links and lists may name somebody; amounts, services and times are the book's."""

from django.db.models import CharField, F
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from orders.models import Order, WebhookEndpoint
from panel.lib.personal import MARK, Personal, add_end, add_impersonal, add_obstacle, add_personal

PARTS = (
    Personal(
        "orders.FavouriteService", owners=("customer",), deleted=True, exported=("service__name", "created")
    ),
    Personal(
        "orders.Order",
        owners=("customer",),
        wiped={"link": MARK, "fields": {}, "reason": ""},
        exported=(
            "id",
            "service__name",
            "parent",
            "channel",
            "link",
            "quantity",
            "fields",
            "charge",
            "refunded",
        )
        + ("status", "start_count", "remains", "created", "settled_at"),
    ),
    Personal("orders.OrderEvent", owners=("order__customer",), wiped={"data": {}}, kept=("kind",)),
    Personal("orders.IdempotencyKey", owners=("customer",), deleted=True),
    Personal(
        "orders.DripFeed", owners=("customer",), exported=("order", "runs", "quantity", "interval", "made")
    ),
    Personal(
        "orders.Subscription",
        owners=("customer",),
        wiped={"username": MARK, "reason": ""},
        exported=("order", "username", "min", "max", "posts", "made", "state", "expires_at"),
    ),
    Personal(
        "orders.SubscriptionPost",
        owners=("subscription__customer",),
        wiped={"link": MARK, "post_id": Cast(F("pk"), CharField())},  # of a subscription each is another
        exported=("subscription", "post_id", "link", "created"),
    ),
    Personal(
        "orders.Refill",
        owners=("order__customer",),
        wiped={"reason": ""},
        kept=("upstream_id",),
        exported=("order", "status", "created"),
    ),
    Personal(
        "orders.OrderRefund",
        owners=("order__customer",),
        wiped={"reason": MARK},
        kept=("key",),
        exported=("order", "amount", "reason", "created"),
    ),
    Personal("orders.CustomerDay", owners=("customer",), exported=("day", "orders", "amount")),
    Personal("orders.CustomerTotal", owners=("customer",), exported=("orders", "amount")),
    Personal(
        "orders.TrialOrder", owners=("customer",), deleted=True, exported=("link", "quantity", "created")
    ),
    Personal(
        "orders.WebhookEndpoint",
        owners=("customer",),
        deleted=True,
        exported=("url", "topics", "active", "created"),
    ),
    Personal(
        "orders.WebhookDelivery",
        owners=("endpoint__customer",),
        deleted=True,
        exported=("kind", "payload", "state", "status_code", "created", "delivered_at"),
    ),
)


def _find_open(customer_id):
    if Order.objects.filter(customer=customer_id, settled_at=None).exists():
        yield _("Orders are open: wait until they have ended, or cancel them.")


def _end_webhooks(customer):
    WebhookEndpoint.objects.filter(customer=customer.pk).update(active=False)


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_obstacle(_find_open)
    add_end(_end_webhooks)
    add_impersonal("the catalogue", "orders.Category", "orders.Service", "orders.ServiceEvent")
    add_impersonal(
        "the catalogue", "orders.CatalogueVersion", "orders.CatalogueChange", "orders.CatalogueAnnouncement"
    )
    add_impersonal(
        "sums", "orders.OrderDay", "orders.ServiceDay", "orders.ServiceTotal", "orders.ServiceSpeed"
    )
    add_impersonal("written by staff: what nobody may order for", "orders.BlockedTerm")
    add_impersonal("a digest, only while an order is open", "orders.LinkHold")
