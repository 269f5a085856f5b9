"""Our money at the providers, read from them and kept as evidence for unclear orders."""

import logging

from django.utils import timezone

from providers.adapters.base import AdapterError
from providers.models import Provider
from providers.upstream import Upstream

log = logging.getLogger(__name__)


def read_provider_balance(provider_id):
    """Ask the provider for our balance, store it and return the adapters' Balance.

    Raises what the adapter raises (Unavailable, Unclear); the stored balance then stays.
    """
    balance = Upstream(Provider.objects.get(pk=provider_id)).balance()
    Provider.objects.filter(pk=provider_id).update(balance=balance.amount, balance_at=timezone.now())
    return balance


def read_all_balances():
    """Refresh the balance of every provider in use; one that doesn't answer stops no other."""
    for pk in Provider.objects.filter(active=True).values_list("pk", flat=True):
        try:
            read_provider_balance(pk)
        except AdapterError as error:
            log.warning("no balance of provider %s: %s", pk, error.reason)
