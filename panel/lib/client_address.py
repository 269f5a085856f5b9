"""The address a request came from."""

import ipaddress
import re
from functools import lru_cache

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104 - an address that nobody calls from, not one to listen at
LONGEST = 64
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def read_client_address(meta):
    """The caller's IP address as text, from a request's META.

    It is REMOTE_ADDR, or behind settings.TRUSTED_PROXIES proxies what the outermost of them added to
    X-Forwarded-For: so many entries from the right, for whatever is left of them the caller could have
    written. An entry that is missing or no address counts as REMOTE_ADDR. An IPv4 address wrapped in IPv6 is
    unwrapped. Where nothing can be read (a local socket) it is UNKNOWN.
    """
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        entries = meta.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", proxies)
        address = _parse(entries[-proxies]) if len(entries) >= proxies else None
        if address:
            return address
    return _parse(meta.get("REMOTE_ADDR", "")) or UNKNOWN


def _parse(text):
    """The address in its usual spelling, or None when it is none."""
    return _parse_short(text.strip()) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _parse_short(text):
    """The same without port, brackets and zone; kept, as callers come again. Long texts would fill the memory."""
    port = _WITH_PORT.fullmatch(text)
    if port:
        text = port["six"] or port["four"] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
