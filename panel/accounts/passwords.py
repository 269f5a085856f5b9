"""A customer's own password, set or changed in the browser, by who shows the old one and the second factor.

Who forgot the old one logs in by a code: for a while that session stands in for it, but never for staff.
"""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from panel.accounts import second_factor
from panel.accounts.browser_sessions import How, end_other_sessions, list_sessions
from panel.accounts.hashing import hashing_slot
from panel.accounts.login_tokens import end_other_logins
from panel.accounts.logins import name_address, reserve_try, take_back_try
from panel.accounts.models import Customer
from panel.accounts.profiles import ProfileRefused, check_new_password

NO_TOKEN = b""  # a browser has none: every login of the apps ends
CODE_COUNTS_FOR = timedelta(
    minutes=10
)  # so long after a login by code its session stands in for the old password


class PasswordWrong(Exception):
    """The old password is another one."""


class FactorMissing(Exception):
    """Staff have to turn a second factor on before they change their password."""


def change_password(customer, old, new, code, address, session_id):
    """Give the Customer the password `new`; all logins and sessions but `session_id` end.

    `old` is asked of who has one, unless find_code_window has a moment; `code` (see second_factor.check) of who has a
    second factor. Staff without a password get one from a superuser: a code by SMS must not lead into the admin. The
    codes are looked at last, so none is used up in vain. Raises PasswordWrong, ProfileRefused, FactorMissing,
    SecondFactorWrong, LoginThrottled.
    """
    by_code = find_code_window(customer, session_id) is not None
    if customer.has_usable_password() and not by_code:
        _check_old(customer, old, address)
    elif customer.is_staff:
        raise ProfileRefused("password", "staff")
    check_new_password(new, customer)
    if second_factor.is_on(customer.pk):
        second_factor.check(customer.pk, code, address)
    elif second_factor.is_required(customer):
        raise FactorMissing
    with hashing_slot():
        stored = make_password(new)
    with transaction.atomic():
        held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if held.password != customer.password or held.is_staff != customer.is_staff:
            raise PasswordWrong  # somebody was quicker
        if by_code and not _hold_session(held.pk, session_id):
            raise PasswordWrong  # ended meanwhile, by its owner: whoever sits there sets nothing any more
        Customer.objects.filter(pk=held.pk).update(password=stored, changed=timezone.now())
        end_other_logins(held.pk, NO_TOKEN)
        end_other_sessions(held.pk, session_id)


def find_code_window(customer, session_id):
    """Until when the Customer sets a password without the old one in that session; None: the old one is asked.

    It has to be a living session of theirs that a code opened less than CODE_COUNTS_FOR ago; staff have none.
    """
    if customer.is_staff:
        return None
    begun = timezone.now() - CODE_COUNTS_FOR
    own = list_sessions(customer.pk).filter(pk=session_id, how=How.CODE, created__gt=begun)
    opened = own.values_list("created", flat=True).first()
    return None if opened is None else opened + CODE_COUNTS_FOR


def _hold_session(customer_id, session_id):
    """Whether the session lives, and it does until the transaction's end."""
    return list_sessions(customer_id).filter(pk=session_id).select_for_update().exists()


def _check_old(customer, old, address):
    """A counted try, as a login is."""
    tries = reserve_try(f"account:{customer.pk}", name_address(address))
    with hashing_slot():
        good = check_password(old, customer.password)
    if not good:
        raise PasswordWrong
    take_back_try(tries)
