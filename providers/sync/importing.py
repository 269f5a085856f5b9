"""Making services of an upstream's listings, by the rule of their category."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from orders.catalogue_changes import add_services
from orders.models import MAX_PRICE, Category, Service
from orders.service_types import ServiceType
from providers.models import ImportRule, Route, SyncedService, UpstreamListing
from providers.sync.listings import lock_sync
from providers.sync.pricing import compute_price, find_type, read_bounds, tells_figures

CHUNK = 500
UNTOLD_REASON = "its figures have to be typed in"
NAME_LENGTH = Service._meta.get_field("name").max_length
CATEGORY_LENGTH = Category._meta.get_field("name").max_length


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """The terms of a rule beside its two categories; see ImportRule."""

    kind: str
    margin: object
    step: int
    mode: str
    import_new: bool


def list_upstream_categories(provider_id, search=""):
    """Rows (dicts) of the categories on the provider's list: `category`, `count`, `imported`, `new`, by name."""
    rows = UpstreamListing.objects.filter(provider=provider_id, gone_at=None)
    if search:
        rows = rows.filter(category__icontains=search)
    states = UpstreamListing.State
    return (
        rows.order_by("category")
        .values("category")
        .annotate(
            count=Count("id"),
            imported=Count("id", filter=Q(state=states.IMPORTED)),
            new=Count("id", filter=Q(state=states.NEW)),
        )
    )


@transaction.atomic
def save_rule(provider, upstream_category, category, terms):
    """Set the rule of an upstream's category and return it.

    `category` is ours, or None for one of the same name, made when there is none.
    """
    if category is None:
        name = upstream_category[:CATEGORY_LENGTH] or provider.name
        category = Category.objects.filter(name=name).order_by("pk").first()
        category = category or Category.objects.create(name=name)
    values = {name: getattr(terms, name) for name in RuleTerms.__slots__} | {"category": category}
    rule, _made = ImportRule.objects.update_or_create(
        provider=provider, upstream_category=upstream_category, defaults=values
    )
    return rule


def import_listings(provider, listings):
    """Import those of the UpstreamListings (a queryset) that can be sold and aren't yet; returns how many.

    Left where they are: those without a rule for their category, gone ones, and in dialects that tell them, types
    we don't sell and unreadable prices or bounds. Safe to run twice and at once: a listing is locked while its
    service is made.
    """
    ids = list(list_importable(provider, listings).values_list("pk", flat=True))
    return sum(import_chunk(provider, ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))


@transaction.atomic
def import_chunk(provider, ids):
    """Import what can be of these listings (at most CHUNK ids) in one transaction; returns how many."""
    lock_sync(provider.pk)
    return _import_chunk(provider, ids)


def list_importable(provider, listings):
    """Those of the listings (a queryset) that are the provider's, still on its list and not imported yet."""
    return listings.filter(provider=provider, gone_at=None).exclude(state=UpstreamListing.State.IMPORTED)


def _import_chunk(provider, ids):
    rows = list_importable(provider, UpstreamListing.objects.filter(pk__in=ids))
    rows = list(rows.select_for_update().order_by("pk"))
    rules = {rule.upstream_category: rule for rule in ImportRule.objects.filter(provider=provider)}
    told = tells_figures(provider)
    made = []
    for listing in rows:
        rule = rules.get(listing.category)
        service = rule and (_make_priced(provider, listing, rule) if told else _make_untold(listing, rule))
        if service:
            made.append((listing, rule, service))
    add_services([service for _listing, _rule, service in made])
    _tie(provider, made)
    done = [listing.pk for listing, _rule, _service in made]
    UpstreamListing.objects.filter(pk__in=done).update(state=UpstreamListing.State.IMPORTED)
    return len(made)


def name_obstacle(provider, listing):
    """Why a listing can't be imported: "type", "price" or "bounds"; "" when it can, given a rule."""
    if not tells_figures(provider):
        return ""
    if find_type(listing.type) is None:
        return "type"
    if listing.rate is None:
        return "price"
    return "" if read_bounds(listing.min, listing.max) else "bounds"


def _make_priced(provider, listing, rule):
    """The service of a listing whose figures the upstream tells; None where they can't be sold by."""
    if name_obstacle(provider, listing):
        return None
    price = compute_price(listing.rate, provider.rate, rule.margin, rule.step)
    if price > MAX_PRICE:
        return None
    least, most = read_bounds(listing.min, listing.max)
    return Service(
        type=find_type(listing.type), price=price, min=least, max=most, **_read_offer(listing, rule)
    )


def _make_untold(listing, rule):
    """The service of a listing without figures: switched off, at a price that nobody can pay by mistake."""
    return Service(
        type=ServiceType.DEFAULT,
        price=MAX_PRICE,
        active=False,
        pause_reason=UNTOLD_REASON,
        **_read_offer(listing, rule),
    )


def _read_offer(listing, rule):
    return {
        "category_id": rule.category_id,
        "name": (listing.name or listing.upstream_service)[:NAME_LENGTH],
        "description": listing.description,
        "kind": rule.kind,
        "refill": listing.refill,
        "cancel": listing.cancel,
        "dripfeed": listing.dripfeed,
    }


def _tie(provider, made):
    """The routes of new services, and what the sync has to know of them."""
    told = tells_figures(provider)
    Route.objects.bulk_create(
        Route(
            service=service,
            provider=provider,
            upstream_service=listing.upstream_service,
            cost=listing.rate if told else None,
        )
        for listing, _rule, service in made
    )
    SyncedService.objects.bulk_create(
        SyncedService(
            service=service,
            rule=rule,
            price_by_rule=service.price if told else None,
            paused_for=SyncedService.Pause.NONE if told else SyncedService.Pause.UNTOLD,
        )
        for _listing, rule, service in made
    )
