"""What an upstream's figures make of ours: costs and prices rounded up, bounds that our table can hold."""

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from orders.models import MAX_QUANTITY
from orders.service_types import ServiceType
from providers.adapters import ADAPTERS
from providers.adapters.payloads import name_type

# Posts of our subscriptions are bought one by one: an upstream's own subscriptions are nothing for us.
BOUGHT_TYPES = tuple(kind for kind in ServiceType if kind != ServiceType.SUBSCRIPTIONS)
COST_PLACES = Decimal("0.000001")
COST_LIMIT = Decimal(10) ** 12  # what the column of a route's cost holds


def round_cost(rate):
    """An upstream's rate as a cost to store: six decimals, rounded up; None for none, negative or too large."""
    if rate is None or not 0 <= rate < COST_LIMIT - 1:
        return None
    return rate.quantize(COST_PLACES, rounding=ROUND_CEILING)


def compute_cost(cost, provider_rate):
    """A cost (upstream currency) in whole toman, rounded up: a lower price loses money."""
    return -(-Fraction(cost) * Fraction(provider_rate) // 1)


def compute_price(cost, provider_rate, margin, step):
    """The price in toman: cost × rate × (1 + margin ÷ 100), rounded up to a multiple of `step` toman.

    Never below `compute_cost`. Per what the cost is for: 1,000 units of most types; one piece of a Package, a
    Custom Comments Package or an ad, whose rate the standard contract and our own price both count by the piece,
    so nothing is converted. `margin` is percent and not negative, `step` at least 1. A cost of 0 is free.
    """
    exact = Fraction(cost) * Fraction(provider_rate) * (1 + Fraction(margin) / 100)
    return -(-exact // step) * step


def read_bounds(least, most):
    """(minimum, maximum) as a service holds them, None where the upstream's make no sense."""
    if least is None or most is None or not 1 <= most >= least or least > MAX_QUANTITY:
        return None
    return min(max(least, 1), MAX_QUANTITY), min(most, MAX_QUANTITY)


def find_type(written):
    """Our service type for the upstream's spelling of one; None for a type that is not bought like that."""
    name = name_type(written)
    return name if name in BOUGHT_TYPES else None


def tells_figures(provider):
    """Whether the provider's dialect publishes price, bounds and type; one that is gone tells nothing."""
    adapter = ADAPTERS.get(provider.dialect)
    return adapter is not None and adapter.lists_prices
