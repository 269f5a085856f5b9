"""The gateways of this installation, made from the settings."""

from django.conf import settings

from panel.lib.outbound import outbound_client
from panel.wallet.gateways.zarinpal import ZarinpalGateway


class GatewayMissing(Exception):
    """No gateway of this name is set up here."""


def list_gateways():
    """The names of the gateways that are set up, best first; empty where nobody can pay."""
    return [ZarinpalGateway.name] if settings.ZARINPAL_MERCHANT_ID and settings.ZARINPAL_URL else []


def open_gateway(name):
    """The Gateway of this name. Raises GatewayMissing. Calls take settings.PAYMENT_DEADLINE_SECONDS at most."""
    if name not in list_gateways():
        raise GatewayMissing(name)
    return ZarinpalGateway(
        settings.ZARINPAL_MERCHANT_ID,
        settings.ZARINPAL_URL,
        outbound_client(),
        settings.PAYMENT_DEADLINE_SECONDS,
    )


def is_sandbox():
    """Whether the bank is the one that the sandbox plays."""
    url, sandbox = settings.ZARINPAL_URL.rstrip("/"), settings.SANDBOX_URL.rstrip("/")
    return bool(sandbox) and f"{url}/".startswith(f"{sandbox}/")
