"""The caller's account, and making another (contracts: sms-gateway-rest, «وب‌سرویس‌های کاربری»)."""

from panel.accounts.enrolling import Person
from panel.accounts.profiles import ProfileRefused
from panel.api.rest.views import CallRefused
from panel.api.sms_rest.base import AccountView, EnvelopeView, answer
from panel.api.sms_rest.contents import read_text
from panel.api.sms_rest.errors import BAD_FIELD, PASSWORDS
from panel.api.sms_rest.times import format_time
from panel.lib.client_address import read_client_address
from panel.wallet.ledger import read_balance
from sms.gateway.codes import RegisterState
from sms.refusals import SmsRefused
from sms.registering import Registration, register_account

# What a field is refused with that holds no text at all; those without a code of their own are HTTP 400.
_CODES = {
    "username": RegisterState.BAD_USERNAME,
    "mobileNumber": RegisterState.BAD_MOBILE,
    "melliCode": RegisterState.BAD_NATIONAL_CODE,
    "email": RegisterState.BAD_EMAIL,
    "modir": RegisterState.MANAGER_NOT_ALLOWED,
    "package": RegisterState.BAD_PACKAGE,
}
# The engine's words for the fields that have no code → the document's.
_NAMES = {
    "password": "password",
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "name",
    "certificate": "shShenasname",
    "postal_code": "postalCode",
    "phone": "phoneNumber",
    "address": "addres",
}


class CreditView(AccountView):
    """`GET my/credit`: what the wallet holds, in toman. Of a trial account it is told with its state."""

    nothing = {"value": 0}

    def get(self, request):
        return answer({"status": int(self.state), "value": read_balance(request.user.pk)})


class ProfileView(AccountView):
    """`GET my`: who the account belongs to; "" is what nobody told."""

    nothing = {"details": None}

    def get(self, request):
        account = self.account
        details = {
            "fullname": request.user.get_full_name(),
            "company": account.company,
            "date": format_time(request.user.created),
            "fax": account.fax,
            "mellicode": account.national_code,
            "shenasname": account.certificate,
            "addr": account.address,
            "postcode": account.postal_code,
        }
        return answer({"status": int(self.state), "details": details})


class RegisterView(EnvelopeView):
    """`POST user/register`: a new user, whom nobody has to know.

    A password that is too weak and a text that is too long have no code in the document: HTTP 400 says why.
    """

    def post(self, request):
        try:
            register_account(read_client_address(request.META), _read_registration(self.content))
        except ProfileRefused as refused:
            raise _word(refused) from refused
        return answer(int(RegisterState.DONE))


def _read_registration(content):
    def read(name):
        try:
            return read_text(content, name)
        except SmsRefused as refused:
            if name in _CODES:
                raise SmsRefused(_CODES[name]) from refused
            raise CallRefused(400, BAD_FIELD.format(field=name)) from refused

    return Registration(
        Person(
            username=read("username"),
            password=read("password"),
            first_name=read("firstName"),
            last_name=read("lastName"),
            mobile=read("mobileNumber"),
            email=read("email"),
        ),
        repeated_password=read("repeatPassword"),
        company=read("name"),
        national_code=read("melliCode"),
        certificate=read("shShenasname"),
        postal_code=read("postalCode"),
        phone=read("phoneNumber"),
        address=read("addres"),
        manager=read("modir"),
        package=read("package"),
    )


def _word(refused):
    words = PASSWORDS.get(refused.reason, BAD_FIELD)
    return CallRefused(400, words.format(field=_NAMES[refused.field]))
