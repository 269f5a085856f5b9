"""One round through the bank that the sandbox plays: begin, pay, verify. It has no row, so nothing is credited."""

from urllib.parse import urlencode

from django.conf import settings

from panel.lib.http import MaybeSent, NotSent
from panel.lib.outbound import outbound_client
from panel.wallet.gateways.base import GatewayUnclear
from panel.wallet.gateways.opening import is_sandbox, list_gateways, open_gateway
from panel.wallet.payments.starting import build_callback_url


class NoRehearsal(Exception):
    """This is no place for playing: not in DEBUG, or the bank is a real one."""


def rehearse_payment():
    """`(authority, Paid)` of settings.PAYMENT_MIN toman. Raises NoRehearsal and what gateways raise."""
    names = list_gateways()
    if not (settings.DEBUG and names and is_sandbox()):
        raise NoRehearsal
    gateway = open_gateway(names[0])
    begun = gateway.begin(0, settings.PAYMENT_MIN, build_callback_url(), "Rehearsal")
    _pay(begun.authority)
    return begun.authority, gateway.verify(begun.authority, settings.PAYMENT_MIN)


def _pay(authority):
    try:
        outbound_client().send(
            "POST",
            f"{settings.ZARINPAL_URL.rstrip('/')}/pay/{authority}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode({"outcome": "pay"}).encode(),
            total_seconds=settings.PAYMENT_DEADLINE_SECONDS,
        )
    except (NotSent, MaybeSent) as error:
        raise GatewayUnclear(error.reason) from error
