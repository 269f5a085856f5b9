"""Operations on accounts («وب‌سرویس‌های کاربری»)."""

from dataclasses import dataclass, field

from panel.lib.http.reading import read_decimal, read_text
from sms.gateway.base import Credit
from sms.gateway.codes import UserState
from sms.gateway.errors import Unclear
from sms.gateway.rest.calls import Calls

TEXT_LIMIT = 500
# Our words → the document's, its spelling included.
REGISTRATION_NAMES = {
    "first_name": "firstName",
    "last_name": "lastName",
    "name": "name",
    "national_code": "melliCode",
    "certificate_number": "shShenasname",
    "postal_code": "postalCode",
    "phone_number": "phoneNumber",
    "mobile_number": "mobileNumber",
    "email": "email",
    "address": "addres",
    "manager": "modir",
    "package": "package",
}
PROFILE_NAMES = {
    "full_name": "fullname",
    "company": "company",
    "date": "date",
    "fax": "fax",
    "national_code": "mellicode",
    "certificate_number": "shenasname",
    "address": "addr",
    "postal_code": "postcode",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Who our account belongs to, all as the gateway writes it; "" is what it does not tell."""

    full_name: str
    company: str
    date: str
    fax: str
    national_code: str
    certificate_number: str
    address: str
    postal_code: str
    state: UserState


@dataclass(frozen=True, slots=True)
class Registration:
    """A user to be made; only `username` and `password` are needed. `manager` is the user it belongs to."""

    username: str
    password: str = field(repr=False)
    first_name: str = ""
    last_name: str = ""
    name: str = ""
    national_code: str = ""
    certificate_number: str = ""
    postal_code: str = ""
    phone_number: str = ""
    mobile_number: str = ""
    email: str = ""
    address: str = ""
    manager: str = ""
    package: str = ""


class AccountOperations(Calls):
    """What is asked about our own account, and making another."""

    def credit(self):
        """The Credit of our account («دریافت اعتبار کاربر»)."""
        result = self._call("GET", "my/credit")
        fields, state = result.open_account()
        value = read_decimal(fields.get("value"))
        if value is None:
            raise Unclear("the answer names no credit", result.shown)
        return Credit(value, state)

    def profile(self):
        """The Profile of our account («دریافت جزئیات کاربر»)."""
        result = self._call("GET", "my")
        fields, state = result.open_account()
        details = fields.get("details")
        if not isinstance(details, dict):
            raise Unclear("the answer holds no details", result.shown)
        told = {name: read_text(details.get(theirs), TEXT_LIMIT) for name, theirs in PROFILE_NAMES.items()}
        return Profile(**told, state=state)

    def register(self, registration):
        """Makes the user of a Registration («ثبت کاربر جدید»); AccountError says what is wrong with it.

        The document opens this operation to everybody: our credentials are not sent.
        """
        optional = {theirs: getattr(registration, name) for name, theirs in REGISTRATION_NAMES.items()}
        content = {
            "username": registration.username,
            "password": registration.password,
            "repeatPassword": registration.password,
            **{name: value for name, value in optional.items() if value},
        }
        result = self._call("POST", "user/register", content, known=False, secrets=(registration.password,))
        result.check()
