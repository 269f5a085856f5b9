"""People who choose a username and a password of their own before anybody knows who they are.

Their mobile waits in `new_mobile`, as a changed one does, until a code sent to it is typed in by whoever also knows
the password (see profiles.confirm_mobile). So a number that somebody else only claims stays its owner's: the owner
logs in by SMS with it and gets an account of their own, never one whose password a stranger chose.
"""

import re
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from panel.accounts.hashing import hashing_slot
from panel.accounts.logins import name_address, reserve_try
from panel.accounts.models import Customer
from panel.accounts.profiles import (
    LONGEST_NAME,
    ProfileRefused,
    check_new_password,
    is_email_taken,
    read_email,
)
from panel.lib.mobile import parse_mobile

_USERNAME = re.compile(r"[A-Za-z0-9._-]{3,64}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who wants an account; all texts as they came, and only the first two are needed."""

    username: str
    password: str = field(repr=False)
    first_name: str = ""
    last_name: str = ""
    mobile: str = ""
    email: str = ""


def count_enrolling(address):
    """Count a try to enroll from that address, whatever comes of it: answers tell which names there are.

    Raises LoginThrottled after LOGIN_TRIES in LOGIN_WINDOW_SECONDS.
    """
    reserve_try(f"enroll:{name_address(address)}")


def read_person(person):
    """The Customer of a Person, not stored and without a password yet.

    Raises ProfileRefused: its field is `username`, `mobile`, `email`, `first_name`, `last_name` or `password`, its
    reason `taken` where somebody has it. A mobile that is somebody's is taken as any other, so nobody learns that it
    is; no code will ever go there for this account.
    """
    _check_username(person.username)
    customer = Customer(
        username=person.username,
        first_name=_read_name("first_name", person.first_name),
        last_name=_read_name("last_name", person.last_name),
        new_mobile=_read_mobile(person.mobile) if person.mobile.strip() else "",
        email=_read_email(person.email) if person.email.strip() else None,
        language=Customer.Language.PERSIAN,
    )
    check_new_password(person.password, customer)
    return customer


def hash_password(person):
    """The hash of a Person's password: slow, so outside of transactions. Raises LoginThrottled when many wait."""
    with hashing_slot():
        return make_password(person.password)


def store_person(customer):
    """Store the customer that `read_person` made. Raises ProfileRefused when another was quicker."""
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        taken = "username" if _is_username_taken(customer.username) else "email"
        raise ProfileRefused(taken, "taken") from error


def _check_username(username):
    """A username that looks like a mobile or an email would stand between their owner and the login."""
    if not _USERNAME.fullmatch(username) or _is_mobile(username):
        raise ProfileRefused("username")
    if _is_username_taken(username):
        raise ProfileRefused("username", "taken")


def _is_username_taken(username):
    return Customer.objects.filter(username__iexact=username).exists()


def _is_mobile(text):
    try:
        parse_mobile(text)
    except ValueError:
        return False
    return True


def _read_mobile(text):
    try:
        return parse_mobile(text)
    except ValueError as error:
        raise ProfileRefused("mobile") from error


def _read_email(text):
    email = read_email(text)
    if is_email_taken(email):
        raise ProfileRefused("email", "taken")
    return email


def _read_name(field_name, text):
    name = text.strip()
    if len(name) > LONGEST_NAME:
        raise ProfileRefused(field_name)
    return name
