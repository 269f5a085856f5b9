"""Sends that are made once for each key of the customer's, however often they are asked for."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from sms.gateway.codes import SendState
from sms.models import SendKey
from sms.refusals import SmsRefused


def send_once(customer_id, key, given, make):
    """The Send that `make()` gives, made once for each `key` (64 characters) within settings.IDEMPOTENCY_HOURS.

    `given` is text that says all about it. The same key with the same text gives back the first one. Raises
    SmsRefused: MISMATCH for the same key with another text, and whatever `make` raises, which leaves the key unused.
    """
    digest = hashlib.sha256(given.encode()).digest()
    try:
        with transaction.atomic():
            # Whoever comes second waits here until the first one's transaction has ended.
            claim = SendKey.objects.create(customer_id=customer_id, key=key, input_hash=digest)
            claim.send = make()
            claim.save(update_fields=["send"])
            return claim.send
    except IntegrityError:
        first = SendKey.objects.select_related("send").filter(customer_id=customer_id, key=key).first()
        if first is None:  # the database refused something else
            raise
        if bytes(first.input_hash) != digest or first.send is None:
            raise SmsRefused(SendState.MISMATCH) from None
        return first.send


def purge_keys():
    """Forget keys that are older than settings.IDEMPOTENCY_HOURS; returns how many."""
    oldest = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    return SendKey.objects.filter(created__lt=oldest).delete()[0]
