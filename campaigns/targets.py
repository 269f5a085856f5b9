"""What a campaign may point at: pictures of Instagram, in one spelling each."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from campaigns.refusals import CampaignRefused, Refusal

HOSTS = ("instagram.com", "www.instagram.com", "m.instagram.com", "instagr.am")
_PATH = re.compile(
    r"/(?:[A-Za-z0-9._]{1,30}/)?(p|reel|reels|tv)/([A-Za-z0-9_-]{5,64})(?:/[^/]*)?/?", re.ASCII
)
LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class Target:
    """A picture: its address in the usual spelling, and its code in it."""

    url: str
    code: str


def read_target(text):
    """The Target of an address as people paste it. Raises CampaignRefused(TARGET).

    The scheme may be missing; names of people before `/p/`, queries and what follows the code are dropped.
    """
    text = text.strip() if isinstance(text, str) else ""
    if not text or len(text) > LONGEST_URL or any(char <= " " for char in text):
        raise CampaignRefused(Refusal.TARGET, field="target_url")
    try:
        parts = urlsplit(text if "://" in text.partition("?")[0] else f"https://{text}")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise CampaignRefused(Refusal.TARGET, field="target_url") from error
    found = _PATH.fullmatch(parts.path)
    good = parts.scheme in ("http", "https") and host in HOSTS and port is None and "@" not in parts.netloc
    if not good or found is None:
        raise CampaignRefused(Refusal.TARGET, field="target_url")
    kind, code = found.groups()
    kind = "reel" if kind == "reels" else kind
    return Target(f"https://www.instagram.com/{kind}/{code}/", code)
