"""New customers, by whatever way they come."""

import secrets

from panel.accounts.models import Customer


def register_customer(mobile):
    """`(customer, whether it is new)` for a mobile (E.164) that is surely the caller's; one for each number.

    A new one has a username nobody guesses, no password, and is written to in Persian.
    """
    fresh = {
        "username": f"user-{secrets.token_hex(6)}",
        "password": "!" + secrets.token_urlsafe(30),  # the mark of one that nothing equals
        "mobile_verified": True,
        "language": Customer.Language.PERSIAN,
    }
    return Customer.objects.get_or_create(mobile=mobile, defaults=fresh)
