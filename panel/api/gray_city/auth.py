"""Whose call it is: `Authorization: Token …`, a key of this contract (contracts: gray-city-v2, authentication)."""

from rest_framework.authentication import BaseAuthentication

from orders.callers import Bearer
from orders.lookup import find_customer_id
from panel.accounts.key_usage import note_call
from panel.accounts.models import ApiToken, Customer
from panel.api.gray_city.errors import BAD_TOKEN, NO_TOKEN
from panel.api.rest.views import CallRefused, read_credential
from panel.lib.client_address import read_client_address
from panel.lib.secrets import digest_token

CONTRACT = str(ApiToken.Contract.GRAY_CITY)


class TokenAuthentication(BaseAuthentication):
    """`request.user` is the Customer, `request.auth` the Bearer with which the engine is asked."""

    def authenticate(self, request):
        """See the class. Raises CallRefused (403), Throttled and OrderRefused."""
        token = read_token(request)
        if token is None:
            raise CallRefused(403, NO_TOKEN)
        if not token:
            raise CallRefused(403, BAD_TOKEN)
        bearer = Bearer(digest_token(token), CONTRACT, read_client_address(request.META))
        note_call(bearer.digest)
        customer = Customer.objects.only("username", "email").get(pk=find_customer_id(bearer))
        return customer, bearer


def read_token(request):
    """The token as its holder sends it; "" for an empty one, None where there is none."""
    return read_credential(request.META.get("HTTP_AUTHORIZATION", ""), "Token")
