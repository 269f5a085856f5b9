"""Who calls: the bare token in `Authorization` (contracts: likenama-v1), from a login or made as an API key."""

from rest_framework.authentication import BaseAuthentication

from panel.accounts.key_usage import note_call
from panel.accounts.keys import find_good_key
from panel.accounts.models import ApiToken
from panel.api.likenama.errors import BAD_TOKEN, LOCKED, READ_ONLY
from panel.api.rest.views import CallRefused, read_credential
from panel.lib.client_address import read_client_address
from panel.lib.secrets import digest_token

LIKENAMA = ApiToken.Contract.LIKENAMA
USES = (ApiToken.Use.ACCESS, ApiToken.Use.KEY)


class TokenAuthentication(BaseAuthentication):
    """`request.user` is the Customer, `request.auth` the ApiToken; see `require_writer`.

    Raises CallRefused (401): the words for a locked account are only for whoever holds a good token of it. Raises
    Throttled.
    """

    def authenticate(self, request):
        digest = digest_token(_read_token(request))
        note_call(digest)
        token = find_good_key(digest, LIKENAMA, read_client_address(request.META), USES)
        if token is None:
            raise CallRefused(401, BAD_TOKEN)
        if not token.customer.is_active:
            raise CallRefused(401, LOCKED)
        return token.customer, token


def require_writer(request):
    """Refuse a token that may only read. Raises CallRefused (403)."""
    if ApiToken.Scope.READ in request.auth.scopes:
        raise CallRefused(403, READ_ONLY)


def _read_token(request):
    """The token; clients that send it as `Bearer …` are understood too."""
    value = request.META.get("HTTP_AUTHORIZATION", "").strip()
    bearer = read_credential(value, "Bearer")
    return value if bearer is None else bearer
