"""Codes by SMS: asked for with a mobile number or an email, sent to the customer's mobile, good once.

Every ask is a row (LoginCode), so limits hold over all processes and survive a lost cache. Whoever asks hears the
same, whether or not there is such an account and whether or not something was sent, and waits about as long. Only
the limits of what was asked with, and of the address, are told; those of the number behind an email would tell
whose it is, so beyond them simply nothing is sent.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.utils import timezone

from panel.accounts.logins import LoginThrottled, lock_subjects, name_address
from panel.accounts.models import Customer, LoginCode
from panel.lib.dates import to_latin_digits
from panel.lib.mobile import parse_mobile
from panel.lib.secrets import digest_keyed, list_keyed_digests

SALT = "panel.accounts.login_codes"
DIGITS = 6
TRIES = 5
PER_HOUR = 5
HOUR = timedelta(hours=1)
KEPT_DAYS = 30
LONGEST_EMAIL = 254
EMAIL, MOBILE = "email:", "mobile:"
NOBODY = "-"  # looked for where there is no mobile, so that it takes as long
Purpose = LoginCode.Purpose


class MalformedUsername(ValueError):
    """It is neither a mobile number nor an email."""


class MalformedCode(ValueError):
    """It is not six digits."""


class NeverAsked(Exception):
    """Nobody asked for a code with that username, or not in the last KEPT_DAYS."""


class CodeWrong(Exception):
    """The code is another one, or expired, used, or dead after TRIES tries; or its customer is locked."""


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A code that is to be sent: `row_id` is its LoginCode's, `mobile` E.164; kept nowhere but in the message."""

    row_id: int
    purpose: str
    code: str = field(repr=False)
    mobile: str
    customer_id: int | None
    language: str
    expires_at: datetime


class _TakenBack(Exception):
    """What was sent in vain is undone."""


def read_username(text):
    """`mobile:` with the number as E.164, or `email:` with the address in small letters. Raises MalformedUsername."""
    text = text.strip()
    if "@" in text:
        return EMAIL + _read_email(text)
    try:
        return MOBILE + parse_mobile(text)
    except ValueError as error:
        raise MalformedUsername from error


def read_code(value):
    """The six digits of a text, Persian ones too, or of a number, which has lost its leading zeros.

    Raises MalformedCode.
    """
    text = f"{value:0{DIGITS}d}" if isinstance(value, int) else to_latin_digits(value.strip())
    if not (len(text) == DIGITS and text.isascii() and text.isdigit()):
        raise MalformedCode
    return text


def ask_code(username, address, send):
    """Have a login code sent to whom `username` (mobile or email) names; returns the moment it expires.

    `send` takes the FreshCode inside the transaction of its row; it may only write rows. An unknown mobile gets a
    code too (its owner may register with it), an unknown email never. Raises MalformedUsername, LoginThrottled.
    """
    subject = read_username(username)
    customer, mobile = _find_receiver(subject)
    ask = _start_ask(Purpose.LOGIN, subject, address, customer, mobile)
    with transaction.atomic():
        _lock_ask(ask)
        _refuse_soon(LoginCode.objects.filter(subject=subject, purpose=Purpose.LOGIN))
        _refuse_address(ask)
        return _write_ask(ask, send)


def ask_mobile_code(customer, mobile, address, send):
    """Have a code sent to the customer's new `mobile` (E.164), as ask_code; one that is somebody else's gets none.

    Raises LoginThrottled.
    """
    taken = Customer.objects.filter(mobile=mobile).exclude(pk=customer.pk).exists()
    ask = _start_ask(Purpose.MOBILE, MOBILE + mobile, address, customer, "" if taken else mobile)
    with transaction.atomic():
        _lock_ask(ask)
        _refuse_soon(LoginCode.objects.filter(subject=ask.subject))
        _refuse_soon(LoginCode.objects.filter(customer=customer, purpose=Purpose.MOBILE))
        _refuse_address(ask)
        return _write_ask(ask, send)


def find_login_ask(username):
    """The newest ask for a login code with that username. Raises MalformedUsername, NeverAsked."""
    asks = LoginCode.objects.filter(subject=read_username(username), purpose=Purpose.LOGIN)
    newest = asks.order_by("-created").first()
    if newest is None:
        raise NeverAsked
    return newest


def find_mobile_ask(customer_id, mobile):
    """The customer's newest ask for a code to that new mobile (E.164), or None."""
    asks = LoginCode.objects.filter(subject=MOBILE + mobile, purpose=Purpose.MOBILE, customer_id=customer_id)
    return asks.order_by("-created").first()


def spend_try(ask, code):
    """Try a code (text of six digits) for that ask; returns the row that has to be used (`use_code`) with it.

    The try is counted before the code is looked at, and committed when the caller is in no transaction, so
    parallel guesses share the TRIES. Raises CodeWrong.
    """
    row = _find_sent(ask)
    good = LoginCode.objects.filter(pk=row.pk, tries__lt=TRIES, used_at=None, expires_at__gt=timezone.now())
    counted = good.update(tries=F("tries") + 1)
    digests = list_keyed_digests(SALT, _name(row, code))
    same = any(hmac.compare_digest(bytes(row.digest), digest) for digest in digests)
    if not (counted and same):
        raise CodeWrong
    return row


def use_code(row):
    """Use the code up, in the transaction of what it is good for. Raises CodeWrong when another was quicker."""
    if not LoginCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()):
        raise CodeWrong


def purge_login_codes():
    """Delete asks older than KEPT_DAYS; beat runs it. Returns how many.

    Whoever last asked before that is told that the username never asked.
    """
    oldest = timezone.now() - timedelta(days=KEPT_DAYS)
    return LoginCode.objects.filter(created__lt=oldest).delete()[0]


def _read_email(text):
    try:
        validate_email(text)
    except ValidationError as error:
        raise MalformedUsername from error
    small = text.lower()
    if not small.isprintable() or len(small) > LONGEST_EMAIL:
        raise MalformedUsername
    return small


def _find_receiver(subject):
    """`(customer or None, the mobile to send to)`; the mobile is "" where nothing may be sent."""
    if subject.startswith(MOBILE):
        mobile = subject.removeprefix(MOBILE)
        customer = Customer.objects.filter(mobile=mobile).first()
        return customer, mobile if customer is None or customer.is_active else ""
    # By the index that keeps emails unique.
    rows = Customer.objects.alias(small=Lower("email"))
    customer = rows.filter(small=Lower(Value(subject.removeprefix(EMAIL)))).first()
    reachable = customer is not None and customer.is_active and customer.mobile_verified
    return customer, (customer.mobile or "") if reachable else ""


def _start_ask(purpose, subject, address, customer, mobile):
    return LoginCode(
        purpose=purpose,
        subject=subject,
        address=name_address(address),
        mobile=mobile,
        customer=customer,
        expires_at=timezone.now() + timedelta(seconds=settings.LOGIN_CODE_SECONDS),
    )


def _lock_ask(ask):
    """Nobody else counts this subject, number or address until the transaction ends."""
    number = MOBILE + ask.mobile if ask.mobile else f"nowhere:{ask.subject}"
    lock_subjects({f"code:{name}" for name in (ask.subject, ask.address, number)})


def _refuse_soon(asks):
    """Raises LoginThrottled for one in LOGIN_CODE_SECONDS or PER_HOUR in an hour."""
    _refuse_beyond(asks, 1, timedelta(seconds=settings.LOGIN_CODE_SECONDS))
    _refuse_beyond(asks, PER_HOUR, HOUR)


def _refuse_address(ask):
    _refuse_beyond(LoginCode.objects.filter(address=ask.address), settings.LOGIN_CODES_PER_ADDRESS, HOUR)


def _refuse_beyond(asks, most, time):
    since = timezone.now() - time
    times = list(asks.filter(created__gt=since).order_by("-created").values_list("created", flat=True)[:most])
    if len(times) >= most:
        raise LoginThrottled(max(1, int((times[-1] - since).total_seconds()) + 1))


def _write_ask(ask, send):
    """Store the ask and send its code, unless nothing may be sent; then the same is done in vain."""
    sends = not _is_number_full(ask.mobile or NOBODY) and bool(ask.mobile)
    ask.save()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    digest = digest_keyed(SALT, _name(ask, code))
    LoginCode.objects.filter(pk=ask.pk).update(digest=digest if sends else b"")
    language = ask.customer.language if ask.customer else str(Customer.Language.PERSIAN)
    fresh = FreshCode(ask.pk, ask.purpose, code, ask.mobile, ask.customer_id, language, ask.expires_at)
    if sends:
        send(fresh)
    else:
        _send_in_vain(send, fresh)
    return ask.expires_at


def _is_number_full(mobile):
    """Whether the number was sent as many codes as it may, by whatever was asked with."""
    sent = LoginCode.objects.filter(mobile=mobile).exclude(digest=b"")
    try:
        _refuse_soon(sent)
    except LoginThrottled:
        return True
    return False


def _send_in_vain(send, fresh):
    """Do what sending does and take it back: the time must not tell who has an account."""
    try:
        with transaction.atomic():
            send(fresh)
            raise _TakenBack
    except _TakenBack:
        return


def _name(row, code):
    """What is digested of a code: it, of this row alone."""
    return f"{row.pk}:{row.mobile}:{code}"


def _find_sent(ask):
    """The row whose code is on the phone: one asked for in another spelling may be. Else the ask itself."""
    if ask.expires_at <= timezone.now():
        return ask
    rows = LoginCode.objects.filter(expires_at__gt=timezone.now(), mobile=ask.mobile or NOBODY)
    rows = rows.filter(purpose=ask.purpose)
    if ask.purpose == Purpose.MOBILE:
        rows = rows.filter(customer_id=ask.customer_id)
    return rows.exclude(digest=b"").order_by("-created").first() or ask
