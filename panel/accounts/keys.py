"""Keys as callers send them, for contracts whose calls are more than one statement (see orders/placing_sql.py)."""

from panel.accounts.models import ApiToken
from panel.accounts.networks import is_inside
from panel.accounts.tokens import State, find_state
from panel.lib.tracing import note


def find_good_key(digest, contract, address, uses=(ApiToken.Use.KEY,)):
    """The key of `contract` with that digest and its customer, who may be locked; None where it may not be used.

    `address` is the caller's, as text: a key may be bound to networks. `uses` are what the token may be for.
    """
    keys = ApiToken.objects.select_related("customer")
    key = keys.filter(digest=digest, contract=contract, use__in=uses).first()
    if key is None or find_state(key) in (State.REVOKED, State.EXPIRED):
        return None
    if key.allowed_networks and not is_inside(address, key.allowed_networks):
        return None
    note(customer=key.customer_id)
    return key
