"""What a login by the apps opens: an access token that no key issued, of panel-app by a code, of likenama by
Instagram. The code that opens a browser's session is checked here as well."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from panel.accounts import login_codes
from panel.accounts.login_codes import EMAIL, CodeWrong
from panel.accounts.models import ApiToken, Customer
from panel.accounts.registering import register_customer
from panel.accounts.tokens import issue_token, revoke_token

PANEL_APP = ApiToken.Contract.PANEL_APP
LOGIN_CONTRACTS = (PANEL_APP, ApiToken.Contract.LIKENAMA)


@dataclass(frozen=True, slots=True)
class Login:
    """A token's text, known only now, and when it ends."""

    token: str = field(repr=False)
    expires_at: datetime


def verify_code(username, code, welcome=lambda customer: None, enter=None):
    """What `enter` makes of whoever has the code (see login_codes.read_code) asked for with `username`.

    That is their Login, unless something else is given: it is called with the customer's row locked. Who had no
    account has one now, and `welcome` is called with it before, all in one transaction. Raises MalformedUsername,
    MalformedCode, NeverAsked, CodeWrong.
    """
    digits = login_codes.read_code(code)
    ask = login_codes.find_login_ask(username)
    row = login_codes.spend_try(ask, digits)
    with transaction.atomic():
        login_codes.use_code(row)
        return (enter or open_login)(_find_owner(ask, row.mobile, welcome))


def open_login(customer, contract=PANEL_APP):
    """A new Login; beyond settings.SESSIONS_PER_KEY living ones of that contract the customer's oldest end.

    Inside a transaction that holds the lock of the customer's row.
    """
    until = timezone.now() + timedelta(days=settings.LOGIN_TOKEN_DAYS)
    _row, token = issue_token(customer, contract, use=ApiToken.Use.ACCESS, expires_at=until)
    for row in list_logins(customer.pk, [contract])[settings.SESSIONS_PER_KEY :]:
        revoke_token(row)
    return Login(token, until)


def end_login(digest):
    """Revoke the login token with that digest."""
    revoke_token(ApiToken.objects.get(digest=digest, contract=PANEL_APP, use=ApiToken.Use.ACCESS))


def end_own_login(customer_id, token_id):
    """Revoke that login token of the customer's; returns whether it was one that lived."""
    row = list_logins(customer_id).filter(pk=token_id).first()
    if row is not None:
        revoke_token(row)
    return row is not None


def end_other_logins(customer_id, digest):
    """Revoke all login tokens of the customer but the one with that digest, whatever contract they are of."""
    for row in list_logins(customer_id).exclude(digest=digest):
        revoke_token(row)


def list_logins(customer_id, contracts=LOGIN_CONTRACTS):
    """The customer's living login tokens of those contracts, the newest first."""
    tokens = ApiToken.objects.filter(contract__in=contracts, use=ApiToken.Use.ACCESS, issued_by=None)
    living = tokens.filter(customer_id=customer_id, revoked_at=None, expires_at__gt=timezone.now())
    return living.order_by("-id")


def _find_owner(ask, mobile, welcome):
    """The customer, locked, whose number the code came to; made now when it is nobody's. Raises CodeWrong."""
    customer, is_new = _lock_owner(mobile), False
    if customer is None and not ask.subject.startswith(EMAIL):
        is_new = register_customer(mobile)[1]
        customer = _lock_owner(mobile)
    if customer is None or not customer.is_active:
        raise CodeWrong
    if ask.subject.startswith(EMAIL) and customer.pk != ask.customer_id:
        raise CodeWrong  # the number has gone to somebody else meanwhile
    if not customer.mobile_verified:
        Customer.objects.filter(pk=customer.pk).update(mobile_verified=True, changed=timezone.now())
    if is_new:
        welcome(customer)
    return customer


def _lock_owner(mobile):
    return Customer.objects.select_for_update(no_key=True).filter(mobile=mobile).first()
