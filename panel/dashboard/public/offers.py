"""What a reader of the price list is offered: services on sale with their own price and how fast they were."""

from dataclasses import dataclass
from decimal import Decimal

from orders.models import Service, ServiceSpeed
from orders.service_search import read_index
from orders.speeds import find_speed, list_speeds
from orders.stats import find_top_services
from panel.dashboard.catalogue import offered_services
from panel.dashboard.order_form import is_piece, is_subscription
from panel.dashboard.public.type_names import TYPE_NAMES

PAGE_SIZE = 40
TASTE = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """A service at `price` toman per 1,000 (or a piece, where `piece`); `before`: what it was, or None.

    `speed` is its ServiceSpeed of the last day, or None.
    """

    service: Service
    price: Decimal
    before: int | None
    speed: ServiceSpeed | None

    @property
    def piece(self):
        return is_piece(self.service)

    @property
    def subscription(self):
        return is_subscription(self.service)

    @property
    def type_name(self):
        return TYPE_NAMES[self.service.type]


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Offers in the catalogue's order; `after`: the cursor of the next page, or None; `first`: none are before."""

    offers: list
    after: int | None
    first: bool


def list_offers(words, category_id, after, discount):
    """The OfferPage of services with these words (text) in a category (None: all), behind the service `after`.

    A cursor that is not, or no longer, among them begins at the beginning. Three queries, however long the list is.
    """
    ids = [entry.pk for entry in read_index().find(words, category_id)]
    start = ids.index(after) + 1 if after in ids else 0
    shown = ids[start : start + PAGE_SIZE]
    rows = offered_services().select_related("category").in_bulk(shown)
    offers = _make_offers([rows[pk] for pk in shown if pk in rows], discount)
    return OfferPage(offers, shown[-1] if len(ids) > start + PAGE_SIZE else None, start == 0)


def list_most_ordered():
    """TASTE Offers to a visitor: what is ordered most, and then the catalogue's first."""
    top = [total.service_id for total in find_top_services()][:TASTE]
    rows = offered_services().select_related("category")
    found = rows.in_bulk(top)
    services = [found[pk] for pk in top if pk in found]
    services += rows.exclude(pk__in=found)[: TASTE - len(services)]
    return _make_offers(services, discount=0)


def describe_offer(service, discount):
    """The Offer of one service."""
    return _make_offer(service, find_speed(service.pk), discount)


def _make_offers(services, discount):
    speeds = list_speeds().in_bulk([service.pk for service in services])
    return [_make_offer(service, speeds.get(service.pk), discount) for service in services]


def _make_offer(service, speed, discount):
    price = Decimal(service.price * (100 - discount)) / 100
    price = price.quantize(Decimal(1)) if price == price.to_integral_value() else price.normalize()
    before = max(service.price, service.original_price or 0)
    return Offer(service, price, before if before > price else None, speed)
