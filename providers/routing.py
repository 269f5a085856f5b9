"""Which route an order takes: one of its service's, by the rule the service chose."""

from collections import Counter, defaultdict

from django.conf import settings
from django.utils import timezone

from orders.models import Service
from providers.adapters import ADAPTERS
from providers.health import NEUTRAL_SCORE
from providers.models import Dispatch, Route
from providers.resting import claim_trials

Choice = Service.RouteChoice


def choose_routes(orders):
    """`{order id: Route}`: for each order the best usable route by its service's `route_choice`.

    By priority; by cost in toman, an unknown one last; by health, the best score first; ties go by priority. Out for
    good: a route that refused the order. Out for now: a paused provider's, and one that rests; when its rest is over,
    one order of all claims tries it. A route that was unavailable settings.FORWARD_MAX_TRIES times goes behind the
    others. Runs inside the claim's transaction, with services at hand (`select_related`).
    """
    routes = _list_routes({order.service for order in orders})
    past = Dispatch.objects.filter(order__in=[order.pk for order in orders if order.tries])
    rejected = set(past.filter(state=Dispatch.State.REJECTED).values_list("order_id", "route_id"))
    failed = Counter(past.filter(state=Dispatch.State.UNAVAILABLE).values_list("order_id", "route_id"))
    resting = _list_resting(routes)
    chosen = {}
    for order in orders:
        open_routes = [r for r in routes[order.service_id] if (order.pk, r.pk) not in rejected]
        ranked = sorted(
            open_routes, key=lambda r, pk=order.pk: failed[pk, r.pk] // settings.FORWARD_MAX_TRIES
        )
        route = next((r for r in ranked if r.pk not in resting or _claim_trial(r, resting)), None)
        if route is not None:
            chosen[order.pk] = route
    return chosen


def _list_routes(services):
    """`{service id: [Route, the best first]}` of what may be used at all, resting ones too."""
    usable = Route.objects.select_related("provider", "health").filter(
        service__in=services,
        active=True,
        provider__active=True,
        provider__paused_at=None,
        provider__dialect__in=ADAPTERS,
    )
    routes = defaultdict(list)
    for route in usable.order_by("priority", "id"):
        routes[route.service_id].append(route)
    for service in services:
        routes[service.pk].sort(key=_RANKS[service.route_choice])
    return routes


def _list_resting(routes):
    """`{route id: whether a trial may be due}` of routes that are not simply used."""
    now = timezone.now()
    resting = [route for group in routes.values() for route in group if route.rests]
    return {route.pk: route.rests_until is None or route.rests_until <= now for route in resting}


def _claim_trial(route, resting):
    """Whether this order is the one that tries the route; the others pass it by from then on."""
    is_due, resting[route.pk] = resting[route.pk], False
    return is_due and route.pk in claim_trials([route.pk])


def _rank_by_cost(route):
    return (route.cost is None, 0 if route.cost is None else route.cost * route.provider.rate)


def _rank_by_health(route):
    health = getattr(route, "health", None)
    return -(NEUTRAL_SCORE if health is None else health.score)


# Sorting is stable: what a rank leaves equal stays in the order of priorities.
_RANKS = {
    Choice.PRIORITY: lambda route: 0,
    Choice.COST: _rank_by_cost,
    Choice.HEALTH: _rank_by_health,
}
