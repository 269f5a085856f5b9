"""Sessions: a key is exchanged for a refresh token and an access token, and that one for newer ones.

A session is a refresh token's row; its tokens are the rows it issued, and the newest of them is the good one.
Whoever opens or renews holds the lock of the key's row, so what ends the key ends the new token as well.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from panel.accounts.models import ApiToken
from panel.accounts.networks import is_inside
from panel.accounts.tokens import State, TokenEnded, find_state, issue_token, revoke_token

Use = ApiToken.Use
# What ended stays known, so that its holder is refused in the right contract's words, but only so much of it.
KEPT_SESSIONS = 200
KEPT_TOKENS = 50


class SessionRefused(Exception):
    """The key, the refresh token or the old token is not good (any more), or not from this address."""


@dataclass(frozen=True, slots=True)
class Session:
    """The texts of both tokens, known only now."""

    refresh_token: str
    token: str


def open_session(key_digest, key_contract, contract, address):
    """Exchange a key of `key_contract` for a Session of `contract` (contracts: happy-follower-v1, auth).

    Both tokens have the key's networks and scopes and end with it. Beyond settings.SESSIONS_PER_KEY living ones
    the key's oldest sessions end. Raises SessionRefused.
    """
    with transaction.atomic():
        found = ApiToken.objects.filter(digest=key_digest, contract=key_contract, use=Use.KEY)
        key = _lock_good(found, address)
        refresh, refresh_token = _issue(key.customer, key, Use.REFRESH, contract)
        token = _issue(key.customer, refresh, Use.ACCESS, contract)[1]
        _end_oldest_sessions(key)
        return Session(refresh_token, token)


def renew_token(refresh_digest, old_digest, contract, address):
    """A new access token of a session of `contract`; the old one is dead from then on (…, ref-auth).

    The old one has to be the session's newest, expired or not. Raises SessionRefused.
    """
    with transaction.atomic():
        found = ApiToken.objects.filter(digest=refresh_digest, contract=contract, use=Use.REFRESH)
        # From the top down, as whatever ends tokens does.
        _lock_good(ApiToken.objects.filter(pk__in=found.values("issued_by")), address)
        refresh = _lock_good(found, address)
        tokens = ApiToken.objects.filter(issued_by=refresh, use=Use.ACCESS).order_by("-id")
        newest = tokens.first()
        if newest is None or newest.revoked_at is not None or bytes(newest.digest) != old_digest:
            raise SessionRefused
        fresh, token = _issue(refresh.customer, refresh, Use.ACCESS, contract)
        ApiToken.objects.filter(pk=newest.pk).update(replaced_by=fresh, revoked_at=timezone.now())
        _delete_beyond(tokens, KEPT_TOKENS)
        return token


def find_contract(digest):
    """The contract of the token with that digest, ended or not; None when nobody issued it."""
    return ApiToken.objects.filter(digest=digest).values_list("contract", flat=True).first()


def find_use(digest, contract):
    """What the token of `contract` with that digest is for (see ApiToken.Use); None when nobody issued it."""
    found = ApiToken.objects.filter(digest=digest, contract=contract)
    return found.values_list("use", flat=True).first()


def _lock_good(rows, address):
    """The one row, locked, if it and its customer are good and it may be used from that address (text)."""
    row = rows.select_for_update(of=("self",), no_key=True).select_related("customer").first()
    if row is None or find_state(row) in (State.REVOKED, State.EXPIRED) or not row.customer.is_active:
        raise SessionRefused
    if row.allowed_networks and not is_inside(address, row.allowed_networks):
        raise SessionRefused
    return row


def _issue(customer, issuer, use, contract):
    seconds = settings.ACCESS_TOKEN_SECONDS if use == Use.ACCESS else settings.REFRESH_TOKEN_SECONDS
    until = timezone.now() + timedelta(seconds=seconds)
    try:
        return issue_token(customer, contract, issuer.name, use=use, issued_by=issuer, expires_at=until)
    except TokenEnded:  # its last moment has just passed
        raise SessionRefused from None


def _end_oldest_sessions(key):
    sessions = ApiToken.objects.filter(issued_by=key, use=Use.REFRESH).order_by("-id")
    living = sessions.filter(revoked_at=None, expires_at__gt=timezone.now())
    for row in living[settings.SESSIONS_PER_KEY :]:
        revoke_token(row)
    _delete_beyond(sessions, KEPT_SESSIONS)


def _delete_beyond(rows, kept):
    """Delete all of the ordered `rows` (newest first) but the first `kept`, with what they issued."""
    ApiToken.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[kept:])).delete()
