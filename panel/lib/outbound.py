"""The process's HTTP client with this installation's bounds: what may be called and how long it may take."""

from functools import cache, partial
from types import SimpleNamespace

from django.conf import settings

from panel.lib.http import Limits, configure, shared_client


@cache
def outbound_client():
    """The shared HttpClient, bounded by settings.EGRESS_ALLOW and the PROVIDER_… seconds."""
    limits = Limits(
        connect_seconds=settings.PROVIDER_CONNECT_SECONDS, total_seconds=settings.PROVIDER_DEADLINE_SECONDS
    )
    configure(allow=settings.EGRESS_ALLOW, limits=limits)
    return shared_client()


def check_address(url):
    """Raise AddressRefused unless the URL may be called: https to a public host, or a settings.EGRESS_ALLOW one.

    Raises NotSent for a URL or name that can't be read or found.
    """
    outbound_client().check_address(url)


def long_list_client():
    """The same client for calls that are answered with a whole catalogue, up to settings.SYNC_LIST_BYTES."""
    return SimpleNamespace(send=partial(outbound_client().send, body_bytes=settings.SYNC_LIST_BYTES))
