"""The services that customers keep at hand with a star."""

from django.db import transaction

from orders.models import FavouriteService
from panel.accounts.models import Customer

MAX_FAVOURITES = 100  # of one customer; all of them are read with every list of services


class TooManyFavourites(Exception):
    """The customer has MAX_FAVOURITES already."""


def add_favourite(customer_id, service_id):
    """Put a star on a service that exists; one that has it keeps it. Raises TooManyFavourites."""
    with transaction.atomic():
        # Whoever counts a customer's favourites does so alone.
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)
        kept = list_favourites(customer_id)
        if service_id in kept:
            return
        if len(kept) >= MAX_FAVOURITES:
            raise TooManyFavourites
        FavouriteService.objects.create(customer_id=customer_id, service_id=service_id)


def remove_favourite(customer_id, service_id):
    """Take the star away; nothing happens where there is none."""
    FavouriteService.objects.filter(customer_id=customer_id, service_id=service_id).delete()


def list_favourites(customer_id):
    """The ids of the customer's favourite services, the newest first."""
    rows = FavouriteService.objects.filter(customer_id=customer_id)
    return list(rows.order_by("-pk").values_list("service_id", flat=True))
