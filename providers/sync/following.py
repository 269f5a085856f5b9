"""Keeping services true to the upstream's list: costs, prices, bounds, and what left or came back.

Everything is judged by what is stored now, not by what just changed, so a pass that dies halfway is made good by the
next one. Which route prices a service that has several:

- by priority: its first active route; by cost: its cheapest active one; by health: its dearest active one, for any
  may be taken.
- Its rule sets the price only while that route is of the rule's provider, and its bounds only then.
- A service is never sold below the cost of that route, whoever the provider is.

Services made by hand have no rule: their routes' costs are kept and they pause when their last route has left the
list, but price and bounds stay as typed. A route to a service that was never on the list is left alone: some
upstreams sell services that they don't list.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from orders.catalogue_changes import ServiceChange, change_services, lock_services
from orders.models import MAX_PRICE, Service
from panel.lib.update_many import update_many
from providers.models import ImportRule, PriceProposal, Route, SyncedService, UpstreamListing
from providers.sync.listings import hold_run
from providers.sync.pricing import compute_cost, compute_price, read_bounds, tells_figures

CHUNK = 500
Pause = SyncedService.Pause
REASONS = {
    Pause.VANISHED: "gone from the upstream's list",
    Pause.COST: "its cost is above its price",
}


@dataclass(slots=True)
class Plan:
    """What is to be written for some services."""

    routes: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    ties: list = field(default_factory=list)
    proposals: list = field(default_factory=list)  # (service, price, cost in toman)
    outdated: list = field(default_factory=list)  # ids of services whose waiting proposal has lost its sense

    def __bool__(self):
        return any((self.routes, self.changes, self.ties, self.proposals, self.outdated))


@dataclass(slots=True)
class Known:
    """All that a plan is made from: a service, its routes by priority, what the sync knows of it."""

    service: Service
    routes: list
    tie: SyncedService
    waiting: bool


def follow_list(sync, tell=lambda share: None):
    """Bring all services with a route to this provider in line with its stored list. Raises Overtaken.

    Chunks without a change are only read; the others are read once more under lock, so that an order placed or a
    price typed meanwhile is not written over. `tell` hears which share (0 to 1) is done.
    """
    routes = Route.objects.filter(provider=sync.pk)
    ids = list(routes.order_by("service").values_list("service", flat=True).distinct())
    for start in range(0, len(ids), CHUNK):
        tell(start / len(ids))
        chunk = ids[start : start + CHUNK]
        if not _make_plan(sync.pk, Service.objects.in_bulk(chunk), _list_routes(chunk)):
            continue
        with transaction.atomic():
            hold_run(sync)
            _carry_out(_make_plan(sync.pk, lock_services(chunk), _lock_routes(chunk)))


def review_service(service_id):
    """Judge one service anew after somebody decided about its price; inside a transaction."""
    _carry_out(_make_plan(None, lock_services([service_id]), _lock_routes([service_id])))


def _list_routes(ids):
    found = Route.objects.filter(service__in=ids).select_related("provider").order_by("id")
    return found.defer("provider__key", "provider__password")


def _lock_routes(ids):
    return _list_routes(ids).select_for_update(of=("self",), no_key=True)


def _make_plan(provider_id, services, routes):
    """The Plan for `services` (by id) with these routes; `provider_id` is None where no list was read."""
    plan = Plan()
    listings = _read_listings(provider_id, services)
    for known in _read_known(services, routes):
        for route in known.routes:
            if route.provider_id == provider_id and _match_route(route, listings.get(route.upstream_service)):
                plan.routes.append(route)
        _plan_service(plan, known, listings)
    return plan


def _read_listings(provider_id, services):
    """`{upstream service: UpstreamListing}` of the provider's routes to these services, without long texts."""
    names = Route.objects.filter(provider=provider_id, service__in=services).values("upstream_service")
    rows = UpstreamListing.objects.filter(provider=provider_id, upstream_service__in=names)
    rows = rows.only("upstream_service", "rate", "min", "max", "gone_at")
    return {row.upstream_service: row for row in rows}


def _read_known(services, routes):
    routes_of = {}
    for route in sorted(routes, key=lambda route: (route.priority, route.pk)):
        routes_of.setdefault(route.service_id, []).append(route)
    ties = SyncedService.objects.select_related("rule").in_bulk(services)
    waiting = set(
        PriceProposal.objects.filter(service__in=services, state=PriceProposal.State.WAITING).values_list(
            "service", flat=True
        )
    )
    for pk, service in services.items():
        tie = ties.get(pk) or SyncedService(service=service)
        yield Known(service, routes_of.get(pk, []), tie, pk in waiting)


def _match_route(route, listing):
    """Set a route to its listing; True when that changed it."""
    if listing is None:
        return False
    before = (route.active, route.vanished_at, route.cost)
    if listing.gone_at is not None and route.active and route.vanished_at is None:
        route.active, route.vanished_at = False, timezone.now()
    elif listing.gone_at is None and route.vanished_at is not None:
        route.active, route.vanished_at = True, None
    if listing.gone_at is None and listing.rate is not None and tells_figures(route.provider):
        route.cost = listing.rate
    return before != (route.active, route.vanished_at, route.cost)


def _plan_service(plan, known, listings):
    """Add what this service needs to the plan: price, bounds, a pause or its end."""
    pricing = find_pricing_route(known.service, known.routes)
    values, tie = {}, known.tie
    before = (tie.price_by_rule, tie.paused_for)
    if (
        pricing
        and tie.rule
        and pricing.provider_id == tie.rule.provider_id
        and tells_figures(pricing.provider)
    ):
        values |= _follow_bounds(known.service, listings.get(pricing.upstream_service))
        values |= _follow_price(plan, known, pricing)
    price = values.get("price", known.service.price)
    values |= _pause_or_resume(known, _judge(known, pricing, price))
    if values:
        plan.changes.append(ServiceChange(known.service, values, "upstream"))
    if before != (tie.price_by_rule, tie.paused_for):
        plan.ties.append(tie)


def find_pricing_route(service, routes):
    """The active route that a service's price goes by (see the top of this file), or None."""
    usable = [route for route in routes if route.active]
    known = [route for route in usable if route.cost is not None]
    if service.route_choice == Service.RouteChoice.PRIORITY or not known:
        return usable[0] if usable else None
    choose = min if service.route_choice == Service.RouteChoice.COST else max
    return choose(known, key=lambda route: route.cost * route.provider.rate)


def _follow_bounds(service, listing):
    bounds = read_bounds(listing.min, listing.max) if listing and listing.gone_at is None else None
    if bounds is None or bounds == (service.min, service.max):
        return {}
    return dict(zip(("min", "max"), bounds, strict=True))


def _follow_price(plan, known, route):
    """The new price if the rule sets it at once; else it becomes a proposal. {} while the rule's price stays.

    A price beyond what the table holds is neither: the service pauses if its cost is above its price.
    """
    rule, tie, service = known.tie.rule, known.tie, known.service
    if route.cost is None or tie.paused_for == Pause.UNTOLD:
        return {}
    target = compute_price(route.cost, route.provider.rate, rule.margin, rule.step)
    if target == tie.price_by_rule or target > MAX_PRICE:
        return {}
    tie.price_by_rule = target
    follows = rule.mode == ImportRule.Mode.FOLLOW
    if not follows and target != service.price:
        plan.proposals.append((service, target, compute_cost(route.cost, route.provider.rate)))
        return {}
    if known.waiting:
        plan.outdated.append(service.pk)
    return {"price": target} if follows and target != service.price else {}


def _judge(known, pricing, price):
    """What the service has to be paused for, by what is stored."""
    if pricing is None:
        return Pause.VANISHED if any(route.vanished_at for route in known.routes) else known.tie.paused_for
    return Pause.COST if known.tie.rule and is_below_cost(price, pricing) else Pause.NONE


def is_below_cost(price, route):
    """Whether a service at `price` toman would lose money on this route; False while the cost is unknown."""
    return route.cost is not None and price < compute_cost(route.cost, route.provider.rate)


def _pause_or_resume(known, cause):
    """The values that pause or resume the service.

    Only a service that is on is paused, and only one that the sync paused is resumed: what an operator switched
    off stays off, and what waits for typed figures waits for those.
    """
    service, tie = known.service, known.tie
    if tie.paused_for == Pause.UNTOLD and not service.active:
        return {}
    if not service.active and not tie.paused_for:
        return {}
    was, tie.paused_for = tie.paused_for, cause
    if cause:
        if not service.active and was == cause:
            return {}
        return {"active": False, "pause_reason": REASONS[cause]}
    return {} if service.active else {"active": True, "pause_reason": ""}


def _carry_out(plan):
    """Write a plan: everything of its services in the caller's transaction, which has locked them."""
    update_many(plan.routes, ["cost", "active", "vanished_at"])
    change_services(plan.changes)
    SyncedService.objects.bulk_create(
        plan.ties,
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=["price_by_rule", "paused_for"],
    )
    moved = plan.outdated + [service.pk for service, _price, _cost in plan.proposals]
    PriceProposal.objects.filter(service__in=moved, state=PriceProposal.State.WAITING).update(
        state=PriceProposal.State.OUTDATED, decided_at=timezone.now()
    )
    PriceProposal.objects.bulk_create(
        PriceProposal(service=service, old_price=service.price, price=price, cost=cost)
        for service, price, cost in plan.proposals
    )
