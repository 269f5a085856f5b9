"""Who calls: bearer tokens of happy-follower's three headers (contracts: happy-follower-v1, auth and ref-auth)."""

from rest_framework.authentication import BaseAuthentication

from orders import lookup
from orders.callers import Bearer
from panel.accounts.key_usage import note_call
from panel.accounts.models import ApiToken
from panel.api.rest.views import read_credential
from panel.lib.client_address import read_client_address
from panel.lib.secrets import digest_token

HAPPY_FOLLOWER = str(ApiToken.Contract.HAPPY_FOLLOWER)
SANDBOX = str(ApiToken.Contract.HAPPY_SANDBOX)
ACCESS = str(ApiToken.Use.ACCESS)


class TokenAuthentication(BaseAuthentication):
    """Takes the access tokens of one contract: `request.user` is the customer's id, `request.auth` the Bearer.

    Raises OrderRefused(KEY_INVALID) for whatever is none, and Throttled.
    """

    def __init__(self, contract):
        self.contract = contract

    def authenticate(self, request):
        digest = read_digest(request, "Authorization")
        bearer = Bearer(digest, self.contract, read_client_address(request.META), ACCESS)
        note_call(digest)
        return lookup.find_customer_id(bearer), bearer


def read_digest(request, header):
    """The digest of the token in a header of the form `Bearer TOKEN`; where there is none, one that nobody has."""
    return digest_token(read_credential(request.headers.get(header, ""), "Bearer") or "")
