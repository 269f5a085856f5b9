"""What an order cost us, in toman: as the upstream tells, else by the route's price."""

from orders.service_types import TYPE_RULES, Count
from providers.adapters.base import Status

COST_LIMIT = 10**13  # toman; more is no price, and would not fit the column


def read_cost(provider, dispatch, order, status):
    """The cost of an ended order by its UpstreamStatus, or None where neither the upstream nor the route tells.

    A canceled order of which nobody says what remains was not delivered: it cost nothing.
    """
    if status.charge is not None and status.currency in (None, provider.currency):
        told = status.charge * provider.rate
        return told if abs(told) < COST_LIMIT else None
    unknown = order.quantity if status.status is Status.CANCELED else 0
    remains = unknown if status.remains is None else status.remains
    return price_done(provider, dispatch, order, order.quantity - min(max(remains, 0), order.quantity))


def price_done(provider, dispatch, order, done):
    """What `done` units cost by the route's price (for 1,000, or for the piece); None where the route has none."""
    if dispatch.route is None or dispatch.route.cost is None:
        return None
    is_piece = TYPE_RULES[order.service.type].count is Count.PIECE
    return dispatch.route.cost * done / (order.quantity if is_piece else 1000) * provider.rate
