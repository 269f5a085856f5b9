"""Gifts and wins that tests are about."""

from datetime import timedelta

from django.utils import timezone

from panel.rewards.models import Gift, GiftGrant
from tests.factories import make_service

LINK = "https://instagram.com/p/abc"


def make_gift(service=None, **fields):
    """A gift of 30 units, of a service whose price for them is 60 toman."""
    fields = {"min": 30, "max": 30, "weight": 1} | fields
    return Gift.objects.create(service=service or make_service(), **fields)


def make_win(customer, gift, *, age=timedelta(0), lives=timedelta(hours=24), **fields):
    """A win of the gift, so long ago, that lives so long from then on."""
    created = timezone.now() - age
    fields = {"quantity": gift.min, "created": created, "changed": created} | fields
    return GiftGrant.objects.create(customer=customer, gift=gift, expires_at=created + lives, **fields)
