"""Our money at the providers, read from them: evidence for unclear orders, and a warning before it runs out."""

import logging

from django.db import transaction
from django.utils import timezone

from providers.adapters.base import AdapterError
from providers.models import Provider, ProviderEvent
from providers.upstream import Upstream

log = logging.getLogger(__name__)


def read_provider_balance(provider_id):
    """Ask the provider for our balance, store it and return the adapters' Balance.

    Operators are told when it is below the provider's `low_balance`: once until it is above again. Raises what
    the adapter raises (Unavailable, Unclear); the stored balance then stays.
    """
    balance = Upstream(Provider.objects.get(pk=provider_id)).balance()
    store_balance(provider_id, balance)
    return balance


def store_balance(provider_id, balance):
    """Store what a provider told (Balance), with one "low_balance" event for each fall below its limit."""
    row = Provider.objects.filter(pk=provider_id)
    with transaction.atomic():
        row.update(balance=balance.amount, balance_at=timezone.now())
        # The row decides who tells: of two workers that read the same, one finds it untold.
        if row.filter(low_balance__gt=balance.amount, low_balance_told_at=None).update(
            low_balance_told_at=timezone.now()
        ):
            currency = row.values_list("currency", flat=True).get()
            data = {"balance": f"{balance.amount:f}", "currency": balance.currency or currency}
            ProviderEvent.objects.create(provider_id=provider_id, kind="low_balance", data=data)
        row.exclude(low_balance__gt=balance.amount).exclude(low_balance_told_at=None).update(
            low_balance_told_at=None
        )


def read_all_balances():
    """Refresh the balance of every provider in use; one that doesn't answer stops no other."""
    for pk in Provider.objects.filter(active=True).values_list("pk", flat=True):
        try:
            read_provider_balance(pk)
        except AdapterError as error:
            log.warning("no balance of provider %s: %s", pk, error.reason)
