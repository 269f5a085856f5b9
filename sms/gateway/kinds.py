"""The kinds of gateway there are. A new one is a folder with its Transport, and a line here."""

from sms.gateway.kavenegar import KavenegarGateway, KavenegarTransport
from sms.gateway.rest import RestGateway, RestTransport


def open_rest(base_url, client, *, token, username, password, total_seconds):
    """A gateway of contracts/sms-gateway-rest.txt; opened by a token, or by a username and a password."""
    return RestTransport(
        RestGateway(
            base_url, client, token=token, username=username, password=password, total_seconds=total_seconds
        )
    )


def open_kavenegar(base_url, client, *, token, username, password, total_seconds):
    """Kavenegar; `token` is its API key, the others it has no use for."""
    return KavenegarTransport(KavenegarGateway(base_url, client, key=token, total_seconds=total_seconds))


KINDS = {"rest": open_rest, "kavenegar": open_kavenegar}


def open_transport(kind, base_url, client, *, token="", username="", password="", total_seconds=20.0):
    """The Transport of a kind, for the account that the credentials open at `base_url`.

    Raises ValueError for a kind that isn't there and for missing credentials.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of gateway: {kind!r}")
    return KINDS[kind](
        base_url, client, token=token, username=username, password=password, total_seconds=total_seconds
    )
