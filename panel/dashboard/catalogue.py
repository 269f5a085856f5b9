"""What the order form offers: the services on sale, found by category and words."""

import re
from html import unescape

from django.utils.html import strip_tags

from orders.models import Service
from panel.lib.dates import read_digits, to_latin_digits

SEARCH_LIMIT = 20
_BLOCK_END = re.compile(r"</(?:p|div|li|ul|ol|h[1-6]|tr)\s*>|<br\s*/?>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\s*\n\s*")


def offered_services():
    """Services that can be ordered now."""
    return Service.objects.filter(active=True, category__active=True)


def search_services(index, category_id, words, favourites=(), limit=SEARCH_LIMIT):
    """The first `limit` Entries of a category (None: all) with every word, or with that id; favourites first.

    See orders/service_search.py for how words are compared; `favourites` are ids.
    """
    found = index.find(words, category_id)
    first = {pk: place for place, pk in enumerate(favourites)}
    starred = sorted((entry for entry in found if entry.pk in first), key=lambda entry: first[entry.pk])
    return [*starred, *(entry for entry in found if entry.pk not in first)][:limit]


def find_service(text):
    """The service on sale with this id as text, or None."""
    number = read_digits(to_latin_digits(text or "").strip())
    if number is None:
        return None
    return offered_services().select_related("category").filter(pk=number).first()


def describe_service(service):
    """The service's description as plain text: its HTML becomes lines, and no tag of it reaches the page."""
    text = unescape(strip_tags(_BLOCK_END.sub("\n", service.description)))
    return _BLANK_LINES.sub("\n", text).strip()
