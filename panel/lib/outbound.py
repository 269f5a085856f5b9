"""The process's HTTP client with this installation's bounds: what may be called and how long it may take."""

from functools import cache

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
