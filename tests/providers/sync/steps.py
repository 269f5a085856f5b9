"""The steps of a sync, and looking at what became of it."""

from decimal import Decimal

from orders.models import Category, Service, ServiceEvent
from providers.models import ImportRule, PriceProposal, Provider, Route, UpstreamListing
from providers.sync.importing import RuleTerms, import_listings, save_rule
from providers.sync.running import sync_provider

FOLLOW, APPROVE = ImportRule.Mode
MARGIN, STEP = Decimal(20), 100


def terms(kind="", margin=MARGIN, step=STEP, mode=FOLLOW, import_new=False):
    """Terms of a rule: 20 percent on top, rounded up to 100 toman."""
    return RuleTerms(kind, margin, step, mode, import_new)


def take_in(provider, *categories, **changes):
    """Read the list if it was not, give these upstream categories a rule, and import them; returns how many."""
    if not UpstreamListing.objects.filter(provider=provider).exists():
        sync_provider(provider.pk)
    for name in categories:
        category = Category.objects.get_or_create(name=f"our {name}")[0]
        save_rule(provider, name, category, terms(**changes))
    return import_listings(provider, UpstreamListing.objects.filter(category__in=categories))


def service_of(upstream_service):
    """The service with a route to this upstream service, as it is stored now."""
    return Service.objects.get(routes__upstream_service=str(upstream_service))


def look(upstream_service):
    """(price, active, pause reason) of that service."""
    row = service_of(upstream_service)
    return row.price, row.active, row.pause_reason


def route_of(upstream_service):
    """(cost, active, vanished) of the one route to this upstream service."""
    row = Route.objects.get(upstream_service=str(upstream_service))
    return row.cost, row.active, row.vanished_at is not None


def list_changes(upstream_service):
    """(kind, data) of the service's events after its making, oldest first; they are forgotten then."""
    rows = ServiceEvent.objects.filter(service=service_of(upstream_service)).exclude(kind="added")
    changes = list(rows.order_by("id").values_list("kind", "data"))
    rows.delete()
    return changes


def list_proposals():
    """(upstream service, old price, proposed price, state) of all proposals, oldest first."""
    rows = PriceProposal.objects.order_by("id")
    return list(rows.values_list("service__routes__upstream_service", "old_price", "price", "state"))


def set_rate(provider, rate):
    """Another worth of the provider's currency in toman."""
    Provider.objects.filter(pk=provider.pk).update(rate=rate)
