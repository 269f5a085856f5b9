"""Which route an order takes: one of its service's, by the rule the service chose."""

from collections import Counter, defaultdict

from django.conf import settings

from providers.adapters import ADAPTERS
from providers.models import Dispatch, Route


def choose_routes(orders):
    """`{order id: Route}`: for each order the first usable route by priority.

    Out for good: a route that refused the order. Out for now: a paused provider's. A route that was
    unavailable settings.FORWARD_MAX_TRIES times goes behind the others.
    """
    routes = defaultdict(list)
    usable = Route.objects.select_related("provider").filter(
        active=True,
        provider__active=True,
        provider__paused_at=None,
        provider__dialect__in=ADAPTERS,
    )
    for route in usable.filter(service__in={order.service_id for order in orders}).order_by("priority", "id"):
        routes[route.service_id].append(route)
    past = Dispatch.objects.filter(order__in=[order.pk for order in orders if order.tries])
    rejected = set(past.filter(state=Dispatch.State.REJECTED).values_list("order_id", "route_id"))
    failed = Counter(past.filter(state=Dispatch.State.UNAVAILABLE).values_list("order_id", "route_id"))
    chosen = {}
    for order in orders:
        open_routes = [r for r in routes[order.service_id] if (order.pk, r.pk) not in rejected]
        if open_routes:
            tried_out = settings.FORWARD_MAX_TRIES
            chosen[order.pk] = min(open_routes, key=lambda r, pk=order.pk: failed[pk, r.pk] // tried_out)
    return chosen
