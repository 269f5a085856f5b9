"""New users of the SMS web service (sms-gateway-rest, «ثبت کاربر جدید»)."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from panel.accounts.enrolling import Person, count_enrolling, hash_password, read_person, store_person
from panel.accounts.models import Customer
from panel.accounts.profiles import ProfileRefused
from panel.lib.national_code import parse_national_code
from sms.gateway.codes import RegisterState
from sms.models import Package, SmsAccount
from sms.refusals import SmsRefused

# What people who enroll can be refused for, in the document's codes; the rest has none there.
_CODES = {
    ("username", "format"): RegisterState.BAD_USERNAME,
    ("username", "taken"): RegisterState.USERNAME_TAKEN,
    ("mobile", "format"): RegisterState.BAD_MOBILE,
    ("email", "format"): RegisterState.BAD_EMAIL,
    ("email", "taken"): RegisterState.BAD_EMAIL,
}


@dataclass(frozen=True, slots=True)
class Registration:
    """Who wants to use SMS: a Person, the password once more, and texts as they came.

    `manager` is the username of a customer who may have users below, `package` the name of one on offer.
    """

    person: Person
    repeated_password: str = field(repr=False)
    company: str = ""
    national_code: str = ""
    certificate: str = ""
    postal_code: str = ""
    phone: str = ""
    address: str = ""
    manager: str = ""
    package: str = ""


def register_account(request_ip, registration):
    """Make a customer with an SmsAccount, UNVERIFIED until the mobile is; returns the Customer.

    Raises SmsRefused (codes 10–17), ProfileRefused for what has no code there (a weak password, a text that is too
    long), and LoginThrottled for too many from one address.
    """
    count_enrolling(request_ip)
    person = registration.person
    try:
        customer = read_person(person)
    except ProfileRefused as refused:
        # The repetition is looked at before the password's strength, and after the name, which comes first.
        if refused.field == "password":
            _check_repetition(registration)
        raise _name_refusal(refused) from refused
    _check_repetition(registration)
    account = _read_account(registration)
    customer.password = hash_password(person)
    try:
        with transaction.atomic():
            store_person(customer)
            account.customer = customer
            account.save(force_insert=True)
    except ProfileRefused as refused:
        raise _name_refusal(refused) from refused
    return customer


def _name_refusal(refused):
    code = _CODES.get((refused.field, refused.reason))
    return refused if code is None else SmsRefused(code)


def _check_repetition(registration):
    if registration.person.password != registration.repeated_password:
        raise SmsRefused(RegisterState.PASSWORDS_DIFFER)


def _read_account(registration):
    """The SmsAccount, not stored and without its customer yet. Raises SmsRefused, ProfileRefused."""
    texts = {
        name: _read_text(name, getattr(registration, name))
        for name in ("company", "certificate", "postal_code", "phone", "address")
    }
    return SmsAccount(
        national_code=_read_national_code(registration.national_code),
        manager=_find_manager(registration.manager.strip()),
        package=_find_package(registration.package.strip()),
        **texts,
    )


def _read_text(name, text):
    text = text.strip()
    if len(text) > SmsAccount._meta.get_field(name).max_length:
        raise ProfileRefused(name)
    return text


def _read_national_code(text):
    if not text.strip():
        return ""
    try:
        return parse_national_code(text)
    except ValueError as error:
        raise SmsRefused(RegisterState.BAD_NATIONAL_CODE) from error


def _find_manager(username):
    if not username:
        return None
    manager = Customer.objects.filter(
        username=username, is_active=True, sms_account__may_manage=True, sms_account__closed_at=None
    ).first()
    if manager is None:
        raise SmsRefused(RegisterState.MANAGER_NOT_ALLOWED)
    return manager


def _find_package(name):
    if not name:
        return None
    package = Package.objects.filter(Q(public=True) | Q(is_default=True), name=name, active=True).first()
    if package is None:
        raise SmsRefused(RegisterState.BAD_PACKAGE)
    return package
