"""Links and words that no order may carry. The list is read again every few seconds, not for each order."""

import re
from time import monotonic

from orders.links import normalize_link
from orders.models import BlockedTerm
from orders.refusals import OrderRefused, Refusal

KEEP_SECONDS = 5.0
_known = {"until": 0.0, "links": (), "words": None}


def check_blocked(link, fields):
    """Raise OrderRefused (LINK_BLOCKED, WORD_BLOCKED) for a blocked link, or a blocked word in link or fields."""
    if monotonic() > _known["until"]:
        _read_terms()
    if _known["links"] and _is_blocked(normalize_link(link)):
        raise OrderRefused(Refusal.LINK_BLOCKED, field="link")
    if _known["words"] is not None:
        for name, text in (("link", link), *fields.items()):
            if _known["words"].search(text):
                raise OrderRefused(Refusal.WORD_BLOCKED, field=name)


def forget_blocked():
    """Read the list again with the next order of this process."""
    _known["until"] = 0.0


def _read_terms():
    terms = list(BlockedTerm.objects.values_list("kind", "text"))
    links = [_as_link(text) for kind, text in terms if kind == BlockedTerm.Kind.LINK and is_link(text)]
    words = [re.escape(text.strip()) for kind, text in terms if kind == BlockedTerm.Kind.WORD]
    _known["links"] = tuple(links)
    _known["words"] = re.compile(rf"(?<!\w)({'|'.join(words)})(?!\w)", re.IGNORECASE) if words else None
    _known["until"] = monotonic() + KEEP_SECONDS


def is_link(text):
    """Whether a blocked link's text can be compared with links at all."""
    try:
        return bool(_as_link(text))
    except ValueError:
        return False


def _as_link(text):
    text = text.strip()
    return normalize_link(text if "://" in text else f"https://{text}")


def _is_blocked(link):
    return any(_covers(blocked, link) for blocked in _known["links"])


def _covers(blocked, link):
    """Whether a blocked host (its subdomains too) or the beginning of a path is this link's."""
    if "/" not in blocked:
        host = re.split(r"[/?:]", link, maxsplit=1)[0]
        return host == blocked or host.endswith(f".{blocked}")
    return link == blocked or link.startswith((f"{blocked}/", f"{blocked}?"))
