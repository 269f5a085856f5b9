"""New customers, by whatever way they come."""

import secrets

from django.utils import timezone

from panel.accounts.models import Customer


def register_customer(mobile):
    """`(customer, whether it is new)` for a mobile (E.164) that is surely the caller's; one for each number.

    A new one has a username nobody guesses, no password, and is written to in Persian.
    """
    return Customer.objects.get_or_create(mobile=mobile, defaults=_fresh() | {"mobile_verified": True})


def register_person():
    """A new customer without a mobile, for whoever proved who they are in another way."""
    return Customer.objects.create(**_fresh())


def note_terms(customer_id, version):
    """Write down that the customer accepts the terms now; `version`: when that text was last changed, None for ours.

    What was accepted first stays.
    """
    fresh = Customer.objects.filter(pk=customer_id, terms_accepted_at=None)
    fresh.update(terms_accepted_at=timezone.now(), terms_version=version)


def _fresh():
    return {
        "username": f"user-{secrets.token_hex(6)}",
        "password": "!" + secrets.token_urlsafe(30),  # the mark of one that nothing equals
        "language": Customer.Language.PERSIAN,
    }
