"""The texts a campaign may carry besides its picture: cleaned, bounded, and only those its class allows."""

from urllib.parse import urlsplit

from campaigns.models.classes import TEXTS
from campaigns.refusals import CampaignRefused, Refusal
from panel.lib.dates import to_latin_digits

MOST = {"description": 1000, "phone": 32, "website": 200, "address": 300}
_JOINERS = "\n\u200c\u200d"  # beside line ends: within Persian words, and in emoji
_PHONE = set("0123456789+-() /")


def read_texts(campaign_class, given):
    """`{name: text}` for a campaign of that class; texts it may not carry are passed by (contracts).

    Raises CampaignRefused (TEXT_LONG, TEXT_BAD) with the field's name.
    """
    allowed = [name for name in TEXTS if campaign_class.texts[name]]
    return {name: _read(name, given[name]) for name in allowed if given.get(name) not in (None, "")}


def _read(name, value):
    if not isinstance(value, str):
        raise CampaignRefused(Refusal.TEXT_BAD, field=name)
    lines = (" ".join(line.split()) for line in value.splitlines())
    text = ("\n" if name == "description" else " ").join(filter(None, lines))
    if len(text) > MOST[name]:
        raise CampaignRefused(Refusal.TEXT_LONG, field=name, limit=MOST[name])
    bad = any(not char.isprintable() and char not in _JOINERS for char in text)
    if (
        bad
        or (name == "phone" and not _is_phone(text))
        or (name == "website" and text and not _is_website(text))
    ):
        raise CampaignRefused(Refusal.TEXT_BAD, field=name)
    return text


def _is_phone(text):
    return set(to_latin_digits(text)) <= _PHONE


def _is_website(text):
    """Only what a browser opens as a page: a `javascript:` address would run in the reader's."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
        return good and " " not in text and "@" not in parts.netloc
    except ValueError:
        return False
