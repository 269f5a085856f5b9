"""Login through Instagram in a browser or the app's web view (contracts: likenama-v1, Registration and logging).

`/users/auth/instagram` sends the person there, the callback gets them back: with a code, which becomes a login of
this contract at `/session#token=APP_TOKEN.PROVIDER_TOKEN`; with the provider's failure, which a page tells of; or
with whatever can't be used, which ends at `callback#error`. For whoever is logged in to the dashboard the account is
linked to theirs instead. What stays secret between the two calls is kept by the browser alone.
"""

import logging
from urllib.parse import quote

import redis
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from panel.accounts import oauth
from panel.accounts.identities import IdentityTaken, enter_with_identity, link_identity
from panel.accounts.login_tokens import open_login
from panel.accounts.logins import LoginThrottled, name_address, reserve_try, take_back_try
from panel.accounts.models import ApiToken, Customer
from panel.lib.client_address import read_client_address
from panel.rewards import referrals

log = logging.getLogger(__name__)
START_PATH = "/users/auth/instagram"
CALLBACK_PATH = f"{START_PATH}/callback"
FAILED = f"{CALLBACK_PATH}#error"
SESSION_PATH = "/session"
EARN_PATH = "/earn/"
ERRAND_COOKIE = "instagram_errand"
ERRAND_SECONDS = 600
DENIED = "access_denied"
FRAGMENT_SAFE = "!$&'()*+,;=:@/?"  # what may stand in a fragment as it is


class LoginFailed(Exception):
    """Nobody was logged in, for this reason (without any secret)."""


@require_GET
@never_cache
def start(request):
    """Send the person to the provider, with a fresh state and proof key in a cookie of theirs."""
    if not oauth.is_offered():
        return HttpResponseRedirect(FAILED)
    errand = oauth.new_errand()
    response = HttpResponseRedirect(oauth.build_authorize_url(errand, _build_callback_url()))
    response.set_signed_cookie(
        ERRAND_COOKIE,
        f"{errand.state}:{errand.verifier}",
        salt=ERRAND_COOKIE,
        max_age=ERRAND_SECONDS,
        path=START_PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_GET
@never_cache
def come_back(request):
    """Where the provider sends the person back to; without its parameters the page of failed logins."""
    response = _receive(request)
    response.delete_cookie(ERRAND_COOKIE, path=START_PATH, samesite="Lax")
    return response


@require_safe
@never_cache
def show_session(request):
    """What the app's web view shows while the app reads the tokens from the address."""
    return render(request, "likenama/session.html")


def _receive(request):
    given = request.GET
    if "error" in given:
        return render(request, "likenama/failed.html", {"denied": given["error"] == DENIED, "theirs": True})
    if not ("code" in given or "state" in given):
        return render(request, "likenama/failed.html")
    try:
        person = _find_person(request)
        return _link(request, person) if request.user.is_authenticated else _log_in(request, person)
    except (LoginFailed, LoginThrottled, oauth.OAuthFailed) as error:
        log.warning("nobody was logged in by Instagram: %s", error)
        return HttpResponseRedirect(FAILED)


def _find_person(request):
    """The oauth.Person whom the provider sent back. Raises LoginFailed, LoginThrottled, OAuthFailed.

    An exchange in vain costs the address a try, written before the provider is asked.
    """
    errand = _read_errand(request)
    if errand is None or not constant_time_compare(request.GET.get("state", ""), errand.state):
        raise LoginFailed("the state is not that of this browser")
    if not _is_first_use(errand):
        raise LoginFailed("the state was used before")
    tries = reserve_try(f"instagram:{name_address(read_client_address(request.META))}")
    person = oauth.exchange_code(request.GET.get("code", ""), errand, _build_callback_url())
    take_back_try(tries)
    return person


def _log_in(request, person):
    """Open a login of this contract. Raises LoginFailed."""
    code = request.COOKIES.get(referrals.COOKIE)
    customer = enter_with_identity(
        person.uid, person.username, lambda customer: referrals.note_referral(customer, code)
    )
    with transaction.atomic():
        held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if not held.is_active:
            raise LoginFailed("the account is locked")
        login = open_login(held, ApiToken.Contract.LIKENAMA)
    tokens = f"{login.token}.{quote(person.access_token, safe=FRAGMENT_SAFE)}"
    return HttpResponseRedirect(f"{SESSION_PATH}#token={tokens}")


def _link(request, person):
    """Link the account to the customer who is logged in here."""
    try:
        link_identity(request.user.pk, person.uid, person.username)
    except IdentityTaken:
        messages.error(
            request,
            _(
                "This Instagram account belongs to somebody else here, or you have connected another one. Nothing was"
                " changed."
            ),
        )
    else:
        words = _("Your Instagram account %(name)s is connected.")
        messages.success(request, words % {"name": person.username or person.uid})
    return HttpResponseRedirect(EARN_PATH)


def _build_callback_url():
    return settings.BASE_URL.rstrip("/") + CALLBACK_PATH


def _read_errand(request):
    """The Errand that this browser was sent on, or None."""
    value = request.get_signed_cookie(ERRAND_COOKIE, default="", salt=ERRAND_COOKIE, max_age=ERRAND_SECONDS)
    state, _colon, verifier = value.partition(":")
    return oauth.Errand(state, verifier) if verifier else None


def _is_first_use(errand):
    """Whether this state comes back for the first time, over all processes.

    Without the cache it counts as such: the provider takes a code only once as well.
    """
    try:
        return cache.add(f"instagram-errand:{errand.state}", 1, ERRAND_SECONDS)
    except redis.RedisError as error:
        log.warning("a state was not noted as used: %s", type(error).__name__)
        return True
