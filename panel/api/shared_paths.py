"""`/api/v1/services` and `/api/v1/order`, which two contracts share: a token speaks the contract it was issued under.

The dicts below hold the views by the contracts of tokens; NO_CONTRACT is for whoever brings no token that we know,
or one of a contract that has no such path. A token that ended is still known by its contract (contracts/README.md).
"""

import logging

import psycopg
from django.db import DatabaseError
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from panel.accounts.models import ApiToken
from panel.accounts.sessions import find_contract
from panel.api.happy_follower import views as happy_follower
from panel.api.panel_app.catalogue import ServicesView
from panel.api.panel_app.orders import OrdersView
from panel.api.rest.views import read_credential
from panel.lib.secrets import digest_token

log = logging.getLogger(__name__)
Contract = ApiToken.Contract
NO_CONTRACT = None

_happy_services = happy_follower.ServicesView.as_view()
_happy_order = happy_follower.OrderView.as_view()
_panel_services = ServicesView.as_view()
_panel_order = OrdersView.as_view()
SERVICES = {
    Contract.HAPPY_FOLLOWER: _happy_services,
    Contract.HAPPY_SANDBOX: _happy_services,  # refused there, in its own words
    Contract.PANEL_APP: _panel_services,
    NO_CONTRACT: _panel_services,
}
ORDER = {
    Contract.HAPPY_FOLLOWER: _happy_order,
    Contract.HAPPY_SANDBOX: _happy_order,
    Contract.PANEL_APP: _panel_order,
    NO_CONTRACT: _panel_order,
}


def speak_by_token(views):
    """A view that passes a call on to that of the `views` (by contract) whose contract its bearer token is of."""

    @csrf_exempt
    def call(request):
        return views.get(_find_contract(request), views[NO_CONTRACT])(request)

    return call


def _find_contract(request):
    token = read_credential(request.META.get("HTTP_AUTHORIZATION", ""), "Bearer")
    try:
        return find_contract(digest_token(token)) if token else NO_CONTRACT
    except (psycopg.Error, DatabaseError) as error:  # the view that takes the call will say so
        log.error("the contract of a token was not found out: %s", type(error).__name__)
        return NO_CONTRACT


urlpatterns = [
    path(f"api/v1/{name}{slash}", speak_by_token(views))
    for name, views in {"services": SERVICES, "order": ORDER}.items()
    for slash in ("/", "")
]
