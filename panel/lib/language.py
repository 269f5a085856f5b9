"""The language of the page or text that is being made."""

from django.utils.translation import get_language


def page_language():
    """`fa` or `en`, whatever the variant; Persian where nothing is chosen."""
    return (get_language() or "fa")[:2]
