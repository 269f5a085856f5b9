"""Who calls (contracts: sms-gateway-rest, «احراز هویت»): header `token`, or headers `username` and `password`."""

from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication

from panel.accounts.call_logins import find_caller
from panel.accounts.key_usage import note_call, note_login
from panel.accounts.keys import find_good_key
from panel.accounts.models import ApiToken
from panel.api.rest.views import CallRefused
from panel.api.sms_rest.errors import BAD_CREDENTIALS
from panel.lib.client_address import read_client_address
from panel.lib.secrets import digest_token
from panel.lib.tracing import note

SMS_REST = str(ApiToken.Contract.SMS_REST)


@dataclass(frozen=True, slots=True)
class Access:
    """What the credentials of a call allow."""

    may_change: bool


class CredentialsAuthentication(BaseAuthentication):
    """`request.user` is the Customer, who may be locked, `request.auth` the Access. A token goes before a password.

    Raises CallRefused (401), the same for whatever is wrong, Throttled, and LoginThrottled.
    """

    def authenticate(self, request):
        address = read_client_address(request.META)
        token = _read_header(request, "token")
        found = _enter_by_token(token, address) if token else _enter_by_password(request, address)
        if found is None:
            raise CallRefused(401, BAD_CREDENTIALS)
        return found


def _enter_by_token(token, address):
    digest = digest_token(token)
    note_call(digest)
    key = find_good_key(digest, SMS_REST, address)
    return None if key is None else (key.customer, Access(ApiToken.Scope.READ not in key.scopes))


def _enter_by_password(request, address):
    customer = find_caller(address, _read_header(request, "username"), _read_header(request, "password"))
    if customer is None:
        return None
    note(customer=customer.pk)
    note_login(customer.pk, customer.percent_off)
    return customer, Access(may_change=True)


def _read_header(request, name):
    """A header's text: servers hand over its bytes as Latin-1, and clients send UTF-8."""
    text = request.META.get(f"HTTP_{name.upper()}", "").strip()
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
