"""What the order form offers: the services on sale, found by category and words."""

import re
from html import unescape

from django.db.models import Q
from django.utils.html import strip_tags

from orders.models import Category, Service
from panel.lib.dates import read_digits, to_latin_digits

SEARCH_LIMIT = 20
_BLOCK_END = re.compile(r"</(?:p|div|li|ul|ol|h[1-6]|tr)\s*>|<br\s*/?>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\s*\n\s*")


def offered_services():
    """Services that can be ordered now."""
    return Service.objects.filter(active=True, category__active=True)


def list_categories():
    """Categories with something on sale, in the catalogue's order."""
    return Category.objects.filter(pk__in=offered_services().values("category_id"))


def search_services(category_id, words, limit=SEARCH_LIMIT):
    """The first `limit` services of the category (None: all) with every word in the name, or with that id."""
    found = offered_services()
    if category_id is not None:
        found = found.filter(category_id=category_id)
    number = read_digits(to_latin_digits(words).strip())
    named = Q()
    for word in words.split():
        named &= Q(name__icontains=word)
    if number is not None:
        named |= Q(pk=number)
    return list(found.filter(named)[:limit])


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
