"""What an order costs. The placing statement computes the same in SQL; tests hold the two together."""

from orders.service_types import TYPE_RULES, Count
from panel.lib.money import compute_charge, compute_piece_charge


def charge_of(service, count, discount=0):
    """Toman that `count` units (or one piece, by the service's type) cost with `discount` percent off."""
    if TYPE_RULES[service.type].count is Count.PIECE:
        return compute_piece_charge(service.price, 1, discount)
    return compute_charge(service.price, count, discount)
