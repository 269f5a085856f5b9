"""A short, safe piece of an answer, to be kept beside an order as evidence."""

import html
import json
import re
from urllib.parse import quote, quote_plus

MASK = "***"
JOINERS = "\u200c\u200d"  # Persian needs them, though they count as control characters


def excerpt(body, secrets=(), limit=500):
    """The first `limit` characters of bytes or text, control characters gone and every secret masked.

    A secret is found as it is and as URLs, JSON and HTML write it, whatever the case.
    """
    variants = _list_variants(secrets)
    longest = max(map(len, variants), default=0)
    # Masking shortens, so a margin is read; what may be the cut-off beginning of a secret is dropped with it.
    window = limit * 20 + longest * 200
    text = _to_plain_text(body[:window])
    if variants:
        pattern = "|".join(re.escape(variant) for variant in sorted(variants, key=len, reverse=True))
        text = re.sub(pattern, MASK, text, flags=re.IGNORECASE)
    if len(body) > window:
        text = text[: max(len(text) - longest, 0)]
    return text[:limit]


def _to_plain_text(body):
    text = body.decode("utf-8", "replace") if isinstance(body, bytes | bytearray) else str(body)
    text = re.sub(r"\s+", " ", text)
    return "".join(char for char in text if char.isprintable() or char in JOINERS).strip()


def _list_variants(secrets):
    written = set()
    for secret in filter(None, secrets):
        for form in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret)):
            written.update((form, json.dumps(form)[1:-1], html.escape(form)))
        written.add(json.dumps(secret)[1:-1].replace("/", "\\/"))  # as PHP writes it
    return {plain for plain in map(_to_plain_text, written) if plain}
