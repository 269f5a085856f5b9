"""Making API tokens; they are looked up where they are used, in one statement with what they allow."""

from django.utils import timezone

from panel.accounts.models import ApiToken
from panel.lib.secrets import digest_token, new_token


def issue_token(customer, contract, name="", token=None):
    """Store a new token of `contract` for `customer` and return `(row, token)`; the token is known only now.

    `token` is given where its text has to be known beforehand (demo data); the same text again returns its row.
    """
    token = token or new_token()
    row, _ = ApiToken.objects.get_or_create(
        digest=digest_token(token),
        defaults={"customer": customer, "contract": contract, "name": name, "prefix": token[:6]},
    )
    return row, token


def revoke_token(row):
    """End a token now; it stays known, so that its holder is refused in the right contract's words."""
    ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now())
