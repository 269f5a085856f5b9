"""happy-follower's operations under `/api/v1/` (contracts: happy-follower-v1).

Those that differ in nothing but their tokens serve the sandbox too, with `contract` set (urls.py).
"""

import json

from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from orders import lookup
from orders.catalogue import RenderedCatalogue, list_services_on_sale
from orders.models import Order
from orders.refusals import OrderRefused, Refusal
from orders.services import cancel_order, place_order_by_token
from panel.accounts.key_usage import note_call
from panel.accounts.sessions import open_session, renew_token
from panel.api.happy_follower.auth import HAPPY_FOLLOWER, TokenAuthentication, read_digest
from panel.api.happy_follower.errors import FAULTS, translate, word
from panel.api.happy_follower.serializers import (
    SOLD_TYPES,
    describe_order,
    read_order,
    read_order_id,
    read_path_id,
)
from panel.api.rest.parsers import FormParser, JsonParser
from panel.api.rest.renderers import KeptRenderer
from panel.api.rest.views import ContractView
from panel.lib.client_address import read_client_address
from providers.rechecking import recheck_order

CHANNEL = str(Order.Channel.HAPPY_FOLLOWER)
NO_DISCOUNT = 0  # the list tells no prices, so it is the same for everybody


class EnvelopeView(ContractView):
    """A view in this contract's envelope."""

    parser_classes = (JsonParser, FormParser)
    permission_classes = ()
    contract = HAPPY_FOLLOWER
    fault_words = FAULTS

    def show_fault(self, status, words):
        return {"operation": "error", "message": words}

    def word_refusal(self, refused):
        return word(refused)

    def handle_exception(self, error):
        response = super().handle_exception(translate(error))
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


class HappyView(EnvelopeView):
    """A view for the holders of an access token of `contract`: see TokenAuthentication."""

    def get_authenticators(self):
        return [TokenAuthentication(self.contract)]


class AuthView(EnvelopeView):
    """`auth`: a key becomes a refresh token and a token."""

    authentication_classes = ()

    def get(self, request):
        digest = read_digest(request, "Authorization")
        note_call(digest)
        session = open_session(digest, HAPPY_FOLLOWER, self.contract, read_client_address(request.META))
        return succeed_in_secret(refreshToken=session.refresh_token, token=session.token)


class RefAuthView(EnvelopeView):
    """`ref-auth`: a refresh token and its newest token become a new token."""

    authentication_classes = ()

    def get(self, request):
        digest, old = read_digest(request, "refresh-token"), read_digest(request, "old-token")
        note_call(digest)
        token = renew_token(digest, old, self.contract, read_client_address(request.META))
        return succeed_in_secret(token=token)


class ServicesView(HappyView):
    """`services`: what can be ordered now with a link and a count."""

    renderer_classes = (KeptRenderer,)

    def get(self, request):
        version = lookup.find_catalogue_terms(request.auth)[1]
        return Response(_catalogue.get(NO_DISCOUNT, version).body)


class OrderView(HappyView):
    """`order`: place one, once for an Idempotency-Key."""

    def post(self, request):
        placed = place_order_by_token(request.auth, CHANNEL, read_order(request))
        return succeed(orderId=placed.order_id)


class StatusView(HappyView):
    """`status/{id}/`: an order of the token's holder, whatever contract it was placed through."""

    def get(self, request, order_id=""):
        order = Order.objects.filter(pk=read_path_id(order_id), customer_id=request.user).first()
        if order is None:
            raise OrderRefused(Refusal.ORDER_UNKNOWN)
        return succeed(**describe_order(order, order.charge - order.refunded))


class CancelView(HappyView):
    """`cancel`: success says that the wish was taken; status tells what became of it."""

    def post(self, request):
        lookup.find_customer_id(request.auth, to_order=True)
        cancel_order(request.user, read_order_id(request))
        return succeed()


class RecheckView(HappyView):
    """`recheck`: the upstream is asked now, and for a refill of a completed order."""

    def post(self, request):
        lookup.find_customer_id(request.auth, to_order=True)
        recheck_order(request.user, read_order_id(request))
        return succeed()


class CreditView(HappyView):
    """`credit/`: the balance in toman."""

    def get(self, request):
        return succeed(credit=lookup.find_balance(request.auth))


class NowhereView(EnvelopeView):
    """Paths that look like this contract's and are none."""

    authentication_classes = ()

    def initial(self, request, *args, **kwargs):
        raise NotFound


def succeed(**told):
    """The answer to a call that did what it should."""
    return Response({"operation": "success", **told})


def succeed_in_secret(**told):
    """The same for answers that hold tokens, which nobody on the way may keep."""
    return Response({"operation": "success", **told}, headers={"Cache-Control": "no-store"})


def _render_services(discount):
    rows = [
        {"serviceId": row["id"], "name": row["name"]}
        for row in list_services_on_sale()
        if row["type"] in SOLD_TYPES
    ]
    return json.dumps({"operation": "success", "services": rows}, ensure_ascii=False).encode()


_catalogue = RenderedCatalogue(_render_services)
