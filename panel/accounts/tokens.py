"""API tokens: made, rotated, edited and ended; they are looked up where they are used, with what they allow.

A key may issue tokens of short life (a refresh token, and that one access tokens). None outlives who issued
it: its end is capped when it is made, and whatever ends or narrows a token does so to all below it. Whoever
issues holds the lock of the issuer's row, and rows are locked from the top down, so no child slips through.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from panel.accounts.models import ApiToken, Customer
from panel.lib.secrets import digest_token, new_token

# Those with a server that takes them.
CONTRACTS = (
    ApiToken.Contract.STANDARD,
    ApiToken.Contract.PANEL_APP,
    ApiToken.Contract.GRAY_CITY,
    ApiToken.Contract.HAPPY_FOLLOWER,
    ApiToken.Contract.LIKENAMA,
    ApiToken.Contract.SMS_REST,
)
CONTRACT_CHOICES = [(contract.value, contract.label) for contract in CONTRACTS]
MAX_KEYS = 20
ENDED_TOKEN_DAYS = 30


class State(models.TextChoices):
    """What a token is good for now."""

    LIVE = "live", pgettext_lazy("a key is", "live")
    REPLACED = "replaced", pgettext_lazy("a key is", "replaced")
    REVOKED = "revoked", pgettext_lazy("a key is", "revoked")
    EXPIRED = "expired", pgettext_lazy("a key is", "expired")


class TokenEnded(Exception):
    """The token is revoked, expired or replaced: nothing can be made of it or changed about it."""


class TooManyKeys(Exception):
    """The customer has MAX_KEYS live keys, or as many replaced ones that still live."""


def find_state(row):
    """The State of a token."""
    if row.revoked_at is not None:
        return State.REVOKED
    if row.expires_at is not None and row.expires_at <= timezone.now():
        return State.EXPIRED
    return State.REPLACED if row.replaced_by_id else State.LIVE


def issue_token(
    customer,
    contract,
    name="",
    token=None,
    *,
    use=ApiToken.Use.KEY,
    issued_by=None,
    expires_at=None,
    allowed_networks=(),
    scopes=(),
):
    """Store a new token of `contract` for `customer` and return `(row, token)`; the token is known only now.

    `token` is given where its text has to be known beforehand (demo data); the same text again returns its row.
    With `issued_by` it ends no later than that token, and has its networks and scopes unless others are given.
    Raises TooManyKeys for a key, TokenEnded when `issued_by` is no longer good.
    """
    if token:
        known = ApiToken.objects.filter(digest=digest_token(token)).first()
        if known:
            return known, token
    fields = {"contract": contract, "name": name, "use": use, "expires_at": expires_at}
    fields |= {"allowed_networks": list(allowed_networks), "scopes": list(scopes)}
    with transaction.atomic():
        if issued_by is not None:
            fields |= _inherit(_lock(issued_by), fields)
        elif use == ApiToken.Use.KEY:
            _make_room(customer.pk)
        return _create(customer.pk, fields, token)


def rotate_token(row):
    """Make a key that takes the place of `row`, and return `(new row, token)`.

    It has the same contract, name, networks, scopes and expiry. The old one, and what it issued, lives
    settings.ROTATED_KEY_HOURS more at most. Raises TokenEnded, also for a key that was replaced before, and
    TooManyKeys when too many replaced ones live yet.
    """
    with transaction.atomic():
        _make_room(row.customer_id, replaced=True)
        old = _lock(row)
        if old.replaced_by_id or old.use != ApiToken.Use.KEY:
            raise TokenEnded
        names = ("contract", "name", "use", "expires_at", "allowed_networks", "scopes")
        fresh, token = _create(old.customer_id, {name: getattr(old, name) for name in names})
        end = _earlier(old.expires_at, timezone.now() + timedelta(hours=settings.ROTATED_KEY_HOURS))
        ApiToken.objects.filter(pk=old.pk).update(replaced_by=fresh, expires_at=end)
        _cap_issued(old.pk, end)
        return fresh, token


def set_token_end(row, expires_at):
    """Let a token end at that moment (None: never), and what it issued no later."""
    with transaction.atomic():
        ApiToken.objects.filter(pk=row.pk).update(expires_at=expires_at)
        if expires_at is not None:
            _cap_issued(row.pk, expires_at)


def edit_token(row, name, allowed_networks):
    """Give a token another name and networks; what it issued gets the networks too. Raises TokenEnded."""
    with transaction.atomic():
        _lock(row)
        ApiToken.objects.filter(pk=row.pk).update(name=name, allowed_networks=allowed_networks)
        for issued in _walk_issued(row.pk):
            issued.update(allowed_networks=allowed_networks)


def revoke_token(row):
    """End a token and all it issued now; they stay known, so that holders are refused in the contract's words."""
    now = timezone.now()
    with transaction.atomic():
        if ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now):
            for issued in _walk_issued(row.pk):
                issued.update(revoked_at=now)


def purge_issued_tokens():
    """Delete access and refresh tokens that ended more than ENDED_TOKEN_DAYS ago. Returns how many.

    Until then they stay known, so that their holder is refused in the right contract's words.
    """
    oldest = timezone.now() - timedelta(days=ENDED_TOKEN_DAYS)
    ended = Q(expires_at__lt=oldest) | Q(revoked_at__lt=oldest)
    return ApiToken.objects.exclude(use=ApiToken.Use.KEY).filter(ended).delete()[0]


def _cap_issued(pk, end):
    for issued in _walk_issued(pk):
        issued.filter(Q(expires_at=None) | Q(expires_at__gt=end)).update(expires_at=end)


def _create(customer_id, fields, token=None):
    token = token or new_token()
    row, _created = ApiToken.objects.get_or_create(
        digest=digest_token(token), defaults={"customer_id": customer_id, "prefix": token[:6], **fields}
    )
    return row, token


def _inherit(issuer, fields):
    return {
        "issued_by": issuer,
        "expires_at": _earlier(fields["expires_at"], issuer.expires_at),
        "allowed_networks": fields["allowed_networks"] or issuer.allowed_networks,
        "scopes": fields["scopes"] or issuer.scopes,
    }


def _earlier(*moments):
    return min((moment for moment in moments if moment is not None), default=None)


def _lock(row):
    """The row as it is now, nobody else's to change until the transaction ends. Raises TokenEnded."""
    locked = ApiToken.objects.select_for_update(no_key=True).get(pk=row.pk)
    if find_state(locked) in (State.REVOKED, State.EXPIRED):
        raise TokenEnded
    return locked


def _make_room(customer_id, replaced=False):
    """Raise TooManyKeys unless one more key fits; one at a time looks, so parallel ones can't pass together."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)
    keys = ApiToken.objects.filter(_living(), customer_id=customer_id, use=ApiToken.Use.KEY)
    if keys.filter(replaced_by__isnull=not replaced).count() >= MAX_KEYS:
        raise TooManyKeys


def _living():
    return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


def _walk_issued(pk):
    """Querysets of the living tokens that it issued, then of those that these issued, and so on.

    Each is read only after the caller changed, and so locked, the ones above it.
    """
    issuers = [pk]
    while issuers:
        issuers = list(ApiToken.objects.filter(_living(), issued_by__in=issuers).values_list("pk", flat=True))
        yield ApiToken.objects.filter(pk__in=issuers)
