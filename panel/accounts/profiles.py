"""What customers change about themselves: all of what they send, or nothing of it."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from panel.accounts import login_codes
from panel.accounts.browser_sessions import end_other_sessions
from panel.accounts.login_codes import LONGEST_EMAIL, CodeWrong
from panel.accounts.login_tokens import end_other_logins, open_login
from panel.accounts.logins import reserve_try
from panel.accounts.models import Customer
from panel.lib.mobile import parse_mobile

NAMES = ("first_name", "last_name")
FIELDS = (*NAMES, "email", "password", "mobile")
LONGEST_NAME = 64
LONGEST_PASSWORD = 256


class ProfileRefused(Exception):
    """Nothing was changed because of `field`: `reason` is `format`, `taken`, `staff` or a password rule's code."""

    def __init__(self, field, reason="format"):
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Change:
    """Who asks for a change: the client's address, the digest of the login token that stays good, how a code is
    sent (see login_codes.ask_code), and the id of the browser's session that stays."""

    address: str
    token_digest: bytes
    send: object
    session_id: int | None = None


def update_profile(customer_id, given, change):
    """Change what `given` names of FIELDS (texts or None); others stay.

    None and "" clear a name and leave email, password and mobile as they are. A new mobile waits in `new_mobile`
    until its code is typed in (`confirm_mobile`); the present one, if verified, ends that wait. A new password ends
    the customer's other logins; staff change theirs elsewhere. Raises ProfileRefused, LoginThrottled.
    """
    customer = Customer.objects.get(pk=customer_id)
    wanted = _read_fields(customer, given)
    mobile = wanted.pop("mobile", None)
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        if mobile is not None:
            is_known = mobile == customer.mobile and customer.mobile_verified
            wanted["new_mobile"] = "" if is_known else mobile
        if wanted.get("new_mobile"):
            login_codes.ask_mobile_code(customer, mobile, change.address, change.send)
        if wanted:
            _write(customer, "email", wanted)
        if "password" in wanted:
            end_other_logins(customer_id, change.token_digest)
            end_other_sessions(customer_id, change.session_id)


def choose_language(customer_id, language):
    """Write to the customer in that one of Customer.Language from now on; any other changes nothing."""
    if language in Customer.Language.values:
        Customer.objects.filter(pk=customer_id).update(language=language)


def confirm_mobile(customer_id, mobile, code, welcome=open_login):
    """Make the new mobile (E.164) the customer's, with the code sent to it; returns what `welcome` makes of them.

    `welcome` is called in the same transaction, with the customer's row locked. Raises MalformedCode, CodeWrong, and
    ProfileRefused when the number became somebody else's meanwhile.
    """
    digits = login_codes.read_code(code)
    ask = login_codes.find_mobile_ask(customer_id, mobile)
    if ask is None:
        raise CodeWrong
    row = login_codes.spend_try(ask, digits)
    with transaction.atomic():
        login_codes.use_code(row)
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        if customer.new_mobile != mobile or not customer.is_active:
            raise CodeWrong
        _write(customer, "mobile", {"mobile": mobile, "mobile_verified": True, "new_mobile": ""})
        return welcome(customer)


def _write(customer, unique_field, values):
    """Write the values; where two customers take one email or mobile at the same moment, the index decides."""
    try:
        with transaction.atomic():
            Customer.objects.filter(pk=customer.pk).update(**values, changed=timezone.now())
    except IntegrityError as error:
        raise ProfileRefused(unique_field, "taken") from error


def _read_fields(customer, given):
    """The columns to write, checked against what can be known beforehand. Raises ProfileRefused."""
    wanted = {name: _read_name(name, given[name]) for name in NAMES if name in given}
    if given.get("email"):
        wanted["email"] = _read_email(customer, given["email"])
    if given.get("mobile"):
        wanted["mobile"] = _read_mobile(given["mobile"])
    if given.get("password"):
        if customer.is_staff:
            raise ProfileRefused("password", "staff")  # it opens the admin, and a code by SMS must not
        for name, value in wanted.items():
            setattr(customer, name, value)  # unsaved: what the password must not look like
        wanted["password"] = _read_password(customer, given["password"])
    return wanted


def _read_name(field, value):
    text = (value or "").strip()
    if len(text) > LONGEST_NAME or any(char < " " for char in text):
        raise ProfileRefused(field)
    return text


def read_email(value):
    """The email in a text. Raises ProfileRefused."""
    email = value.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ProfileRefused("email") from error
    if len(email) > LONGEST_EMAIL:
        raise ProfileRefused("email")
    return email


def is_email_taken(email, customer_id=None):
    """Whether another customer than `customer_id` has the email, in any case."""
    same = Customer.objects.alias(small=Lower("email")).filter(small=Lower(Value(email)))
    # Who logs in with a username that is an email would be shut out by whoever has that email.
    named = Customer.objects.filter(username__iexact=email)
    return any(rows.exclude(pk=customer_id).exists() for rows in (same, named))


def check_new_password(value, customer):
    """Raises ProfileRefused for a password that is too long, or that the settings' rules don't allow `customer`."""
    if len(value) > LONGEST_PASSWORD:
        raise ProfileRefused("password")
    try:
        validate_password(value, customer)
    except ValidationError as error:
        raise ProfileRefused("password", error.error_list[0].code) from error


def _read_email(customer, value):
    email = read_email(value)
    if email != customer.email:
        reserve_try(f"email:{customer.pk}")  # the answer tells whether somebody has it
    if is_email_taken(email, customer.pk):
        raise ProfileRefused("email", "taken")
    return email


def _read_mobile(value):
    try:
        return parse_mobile(value)
    except ValueError as error:
        raise ProfileRefused("mobile") from error


def _read_password(customer, value):
    """The password's hash. Slow, so no transaction is open meanwhile, and only so many are made."""
    check_new_password(value, customer)
    reserve_try(f"password:{customer.pk}")
    return make_password(value)
