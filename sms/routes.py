"""The gateways in the order they are asked in, opened for one run of a worker.

Operators keep them in the admin; an installation without any there has the one of the settings.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from time import monotonic

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from panel.lib.outbound import outbound_client
from panel.lib.secrets import InvalidToken
from sms.gateway.base import Transport
from sms.gateway.kinds import open_transport
from sms.models import Gateway
from sms.signals import gateway_paused

log = logging.getLogger(__name__)
CALL_SECONDS = 20.0 * settings.WAIT_SCALE
REST_SECONDS = 5.0  # within a run, after a gateway was not reached
PAUSE_SECONDS = 600 * settings.WAIT_SCALE  # after trouble with our account there


@dataclass(slots=True)
class Route:
    """One gateway as the sender uses it; `gateway_id` is None for the one of the settings."""

    gateway_id: int | None
    name: str
    transport: Transport = field(repr=False)
    sender: str
    each_delivery: bool = False
    part_cost: Decimal = Decimal(0)
    _resting_until: float = 0.0

    @property
    def rests(self):
        """Whether it is left alone for a while in this run."""
        return monotonic() < self._resting_until

    def rest(self, seconds=None):
        """Leave it alone for `seconds`."""
        self._resting_until = monotonic() + (seconds or REST_SECONDS)


def load_routes():
    """The Routes that may be asked now, the first one first."""
    if not Gateway.objects.exists():
        return _load_default()
    open_now = models.Q(paused_until=None) | models.Q(paused_until__lte=timezone.now())
    return _load(Gateway.objects.filter(open_now, active=True).order_by("priority", "id"))


def has_gateway():
    """Whether anything can be sent some day: a gateway that only pauses counts."""
    if settings.SMS_GATEWAY_URL and not Gateway.objects.exists():
        return True
    return Gateway.objects.filter(active=True).exists()


def load_all_routes():
    """`{gateway id: Route}` of every gateway, inactive and paused ones too: what they took is asked about there."""
    return {route.gateway_id: route for route in (*_load(Gateway.objects.all()), *_load_default())}


def pause_gateway(gateway_id, reason):
    """Let a gateway be for PAUSE_SECONDS because of trouble with our account; staff are told once."""
    now = timezone.now()
    open_now = models.Q(paused_until=None) | models.Q(paused_until__lte=now)
    with transaction.atomic():
        paused = Gateway.objects.filter(open_now, pk=gateway_id).update(
            paused_until=now + timedelta(seconds=PAUSE_SECONDS), pause_reason=reason[:300]
        )
        if paused:
            gateway_paused.send(sender=Gateway, gateway=Gateway.objects.get(pk=gateway_id))


def resume_gateway(gateway_id):
    """Ask a paused gateway again from now on."""
    Gateway.objects.filter(pk=gateway_id).update(paused_until=None, pause_reason="")


def _load_default():
    if not settings.SMS_GATEWAY_URL:
        return []
    transport = _connect(Gateway.Kind.REST, settings.SMS_GATEWAY_URL, token=settings.SMS_GATEWAY_TOKEN)
    return [Route(None, "settings", transport, settings.SMS_FROM)]


def _load(gateways):
    """The Routes of a queryset. One that can't be opened must not keep the others from sending."""
    routes = []
    for pk, name in gateways.values_list("pk", "name"):
        try:
            routes.append(_open(Gateway.objects.get(pk=pk)))
        except (
            ValueError,
            InvalidToken,
        ) as error:  # no credentials, or of a key that is not among FIELD_KEYS
            log.error("the SMS gateway %s can't be used: %s", name, type(error).__name__)
    return routes


def _open(row):
    transport = _connect(row.kind, row.url, token=row.token, username=row.username, password=row.password)
    return Route(row.pk, row.name, transport, row.sender, row.each_delivery, row.part_cost)


def _connect(kind, url, **credentials):
    return open_transport(kind, url, outbound_client(), total_seconds=CALL_SECONDS, **credentials)
