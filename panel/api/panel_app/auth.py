"""Who calls: bearer tokens of panel-app (contracts: panel-app-v1), from a login or made as an API key."""

from rest_framework.authentication import BaseAuthentication

from orders import lookup
from orders.callers import Bearer
from panel.accounts.key_usage import note_call
from panel.accounts.models import ApiToken
from panel.accounts.sessions import find_use
from panel.api.panel_app.errors import FORBIDDEN
from panel.api.rest.views import CallRefused, read_credential
from panel.lib.client_address import read_client_address
from panel.lib.secrets import digest_token

PANEL_APP = str(ApiToken.Contract.PANEL_APP)
ACCESS, KEY = str(ApiToken.Use.ACCESS), str(ApiToken.Use.KEY)


class TokenAuthentication(BaseAuthentication):
    """`request.user` is the customer's id, `request.auth` the Bearer; see `require_writer` and `require_login`."""

    def authenticate(self, request):
        """Raises OrderRefused(KEY_INVALID) for whatever is no good token, and Throttled."""
        digest = read_digest(request)
        use = KEY if find_use(digest, PANEL_APP) == KEY else ACCESS  # a refresh token calls nothing
        bearer = Bearer(digest, PANEL_APP, read_client_address(request.META), use)
        note_call(digest)
        return lookup.find_customer_id(bearer), bearer


def read_digest(request):
    """The digest of the call's bearer token; where there is none, one that nobody has."""
    return digest_token(read_credential(request.META.get("HTTP_AUTHORIZATION", ""), "Bearer") or "")


def require_writer(request):
    """Refuse a token that may only read. Raises OrderRefused(READ_ONLY)."""
    lookup.require_writer(request.auth)


def require_login(request):
    """Refuse whoever didn't log in: an API key must not take the account over. Raises CallRefused (403)."""
    if request.auth.use != ACCESS:
        raise CallRefused(403, FORBIDDEN)
