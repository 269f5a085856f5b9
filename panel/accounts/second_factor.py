"""The second factor: time-based codes of an authenticator (TOTP, RFC 6238), and recovery codes in its place.

Every code is good once, over all processes. Tries are counted before the code is looked at, by account and by
address. Whatever changes the factor ends the customer's other sessions, so none of them has proved more or less
than it should. A lost process between a good code and what it was for loses the code and nothing else.
"""

import hmac
import secrets
import time

import pyotp
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.utils import timezone

from panel.accounts.browser_sessions import end_other_sessions
from panel.accounts.logins import name_address, reserve_try, take_back_try
from panel.accounts.models import Customer, LoginTry, RecoveryCode, SecondFactor
from panel.lib.dates import to_latin_digits
from panel.lib.secrets import digest_keyed, list_keyed_digests

ISSUER = "Panel"
SALT = "panel.accounts.second_factor"
STEP_SECONDS = 30
NEIGHBOURS = (-1, 0, 1)  # clocks differ: the code before and the one after are taken as well
RECOVERY_CODES = 10
RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for each other
RECOVERY_LENGTH = 10
LONGEST = 32  # characters of what is typed in


class SecondFactorWrong(Exception):
    """The code is another one, or was used before."""


class FactorChanged(Exception):
    """It is on already, not begun, or off already: whatever was asked for no longer fits."""


def is_on(customer_id):
    """Whether the customer has to show a second factor at login."""
    return SecondFactor.objects.filter(customer_id=customer_id).exclude(confirmed_at=None).exists()


def is_required(customer):
    """Whether the customer may not work without one: staff outside DEBUG."""
    return settings.STAFF_SECOND_FACTOR and customer.is_staff


def begin(customer_id):
    """Make a fresh secret for the customer, which counts once a code of it was confirmed. Raises FactorChanged."""
    with transaction.atomic():
        _lock_customer(customer_id)
        if is_on(customer_id):
            raise FactorChanged
        SecondFactor.objects.filter(customer_id=customer_id).delete()
        SecondFactor.objects.create(customer_id=customer_id, secret=pyotp.random_base32())


def find_begun(customer_id):
    """The SecondFactor that waits for its first code, or None."""
    return SecondFactor.objects.filter(customer_id=customer_id, confirmed_at=None).first()


def build_address(factor, customer):
    """The `otpauth://` address that authenticators read from a picture."""
    totp = pyotp.TOTP(factor.secret, interval=STEP_SECONDS)
    return totp.provisioning_uri(name=customer.username, issuer_name=ISSUER)


def confirm(customer_id, code, address, session_id):
    """Turn the begun factor on with its first code, and return the recovery codes, which are known only now.

    All sessions but `session_id` end. Raises FactorChanged, SecondFactorWrong, LoginThrottled.
    """
    factor = find_begun(customer_id)
    if factor is None:
        raise FactorChanged
    _count(customer_id, address, lambda: _use_step(factor, code))
    with transaction.atomic():
        _lock_customer(customer_id)
        # By its id, with the secret that the code was of: another one may have been begun meanwhile.
        begun = SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None)
        if not begun.update(confirmed_at=timezone.now()):
            raise FactorChanged
        end_other_sessions(customer_id, session_id)
        return _make_recovery_codes(factor)


def check(customer_id, code, address):
    """Use up a code of the authenticator, or a recovery code, outside of transactions.

    `address` is the client's. Raises SecondFactorWrong, LoginThrottled, and FactorChanged without a factor.
    """
    factor = SecondFactor.objects.filter(customer_id=customer_id).exclude(confirmed_at=None).first()
    if factor is None:
        raise FactorChanged
    _count(customer_id, address, lambda: _use_step(factor, code) or _use_recovery_code(factor, code))


def turn_off(customer_id, code, address, session_id):
    """Ask for no second factor any more; all sessions but `session_id` end. Raises as `check`."""
    check(customer_id, code, address)
    _remove(customer_id, session_id)


def renew_recovery_codes(customer_id, code, address):
    """Fresh recovery codes, known only now, in the place of all earlier ones. Raises as `check`."""
    check(customer_id, code, address)
    with transaction.atomic():
        _lock_customer(customer_id)
        factor = SecondFactor.objects.filter(customer_id=customer_id).exclude(confirmed_at=None).first()
        if factor is None:
            raise FactorChanged
        return _make_recovery_codes(factor)


def reset(customer_id):
    """Forget the customer's factor for them, and end all their sessions; False when there was none."""
    return _remove(customer_id)


def count_recovery_codes(customer_id):
    """How many of them are left."""
    return RecoveryCode.objects.filter(factor__customer_id=customer_id, used_at=None).count()


def _count(customer_id, address, use):
    """Run `use` as a counted try; a good code takes its own try and the account's earlier ones back."""
    account = f"second:account:{customer_id}"
    tries = reserve_try(account, f"second:{name_address(address)}")
    if not use():
        login = Customer.objects.values_list("username", flat=True).get(pk=customer_id)
        user_login_failed.send(sender=__name__, credentials={"username": login}, request=None)
        raise SecondFactorWrong
    LoginTry.objects.filter(subject=account).delete()
    take_back_try(tries)


def _use_step(factor, code):
    """Whether it is the code of a time-step near now, later than the last one used; it is used with that."""
    typed = to_latin_digits(code).replace(" ", "")
    totp = pyotp.TOTP(factor.secret, interval=STEP_SECONDS)
    now = int(time.time()) // STEP_SECONDS
    fits = [
        now + near
        for near in NEIGHBOURS
        if hmac.compare_digest(totp.generate_otp(now + near).encode(), typed.encode("utf-8", "replace"))
    ]
    late = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=max(fits, default=0))
    return bool(late.update(last_step=max(fits, default=0)))


def _use_recovery_code(factor, code):
    typed = to_latin_digits(code).replace("-", "").replace(" ", "").lower()
    digests = list_keyed_digests(SALT, _name(factor, typed))
    unused = RecoveryCode.objects.filter(factor=factor, digest__in=digests, used_at=None)
    return bool(unused.update(used_at=timezone.now()))


def _make_recovery_codes(factor):
    RecoveryCode.objects.filter(factor=factor).delete()
    codes = [
        "".join(map(secrets.choice, [RECOVERY_LETTERS] * RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(factor=factor, digest=digest_keyed(SALT, _name(factor, c))) for c in codes]
    )
    half = RECOVERY_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _name(factor, code):
    """What is digested: the code, of this factor alone."""
    return f"{factor.pk}:{code}"


def _remove(customer_id, session_id=None):
    with transaction.atomic():
        _lock_customer(customer_id)
        removed = SecondFactor.objects.filter(customer_id=customer_id).delete()[0]
        if removed:
            end_other_sessions(customer_id, session_id)
    return bool(removed)


def _lock_customer(customer_id):
    """Nobody opens a session of the customer's, or changes the factor, until the transaction ends."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)
