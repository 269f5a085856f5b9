"""Login by SMS, logout and the caller's profile (contracts: panel-app-v1, login, logout and user)."""

from orders.refusals import OrderRefused
from panel.accounts.login_codes import (
    MOBILE,
    CodeWrong,
    MalformedCode,
    MalformedUsername,
    NeverAsked,
    read_username,
)
from panel.accounts.login_tokens import end_login, verify_code
from panel.accounts.logins import LoginThrottled
from panel.accounts.models import Customer
from panel.accounts.profiles import FIELDS, Change, ProfileRefused, confirm_mobile, update_profile
from panel.api.panel_app.auth import ACCESS, TokenAuthentication, require_login, require_writer
from panel.api.panel_app.base import PanelView, answer, answer_in_secret, unix
from panel.api.panel_app.errors import BAD_FIELD, BAD_TOKEN, FAULTS, MISSING
from panel.api.panel_app.users import describe_user
from panel.api.rest.views import CallRefused
from panel.lib.client_address import read_client_address
from panel.rewards.referrals import note_referral
from panel.support.login_messages import ask_login_code, queue_code

CODE_SENT = "کد تایید ارسال شد"
LOGGED_OUT = "با موفقیت خارج شدید"
NO_USER = "کاربر شناسایی نشد"
MALFORMED = "فرمت پارامتر مورد نظر اشتباه است"
MALFORMED_FIELD = "فرمت پارامتر اشتباه است: {field}"
PROFILE_REFUSALS = {
    "taken": "این مقدار را نمی‌توان به کار برد: {field}",
    "staff": "رمز عبور ({field}) کارکنان در پنل مدیریت تغییر می‌کند",
    "password_too_short": "رمز عبور ({field}) کوتاه است؛ دست‌کم ۸ نویسه لازم است",
    "password_too_common": "رمز عبور ({field}) بیش از حد رایج است",
    "password_entirely_numeric": "رمز عبور ({field}) نباید فقط عدد باشد",
    "password_too_similar": "رمز عبور ({field}) به مشخصات شما شبیه است",
}
TOKEN_TYPE = "Bearer"  # noqa: S105 - the name of a scheme
LONGEST = 1000  # characters of any field here; each has its own limit below that


class LoginView(PanelView):
    """`POST login`: a code goes to the mobile of whom the username names; the answer is the same for nobody."""

    authentication_classes = ()

    def post(self, request):
        username = _require_text(request.data, "username")
        try:
            until = ask_login_code(username, read_client_address(request.META))
        except MalformedUsername as error:
            raise CallRefused(400, MALFORMED) from error
        except LoginThrottled as error:
            raise _throttled(error) from error
        return answer(201, expires_at=unix(until), message=CODE_SENT)


class VerifyView(PanelView):
    """`POST login/verify`: the code becomes a token.

    With the token of a customer who waits to change to just that mobile, it makes the mobile theirs as well. `ref`
    may carry the code of the referral link that a new customer came by.
    """

    authentication_classes = ()

    def post(self, request):
        username, code = _require_text(request.data, "username"), _require_code(request.data)
        try:
            login = _verify(request, username, code)
        except (MalformedUsername, MalformedCode) as error:
            raise CallRefused(400, MALFORMED) from error
        except NeverAsked as error:
            raise CallRefused(404, NO_USER) from error
        except CodeWrong:
            return answer(
                401, message=BAD_TOKEN
            )  # documented, so HTTP 200; a refused bearer token is HTTP 401
        except ProfileRefused as error:
            raise _word_profile(error) from error
        return answer_in_secret(
            access_token=login.token, token_type=TOKEN_TYPE, expires_at=unix(login.expires_at)
        )


class LogoutView(PanelView):
    """`GET logout`: the login token that calls ends. It changes something, so HEAD is not answered."""

    http_method_names = ["get"]

    def get(self, request):
        require_login(request)
        end_login(request.auth.digest)
        return answer_in_secret(message=LOGGED_OUT)


class UserView(PanelView):
    """`GET user` and `POST user`: the caller's profile; only who logged in may change it."""

    def get(self, request):
        return _show_user(request.user)

    def post(self, request):
        require_login(request)
        require_writer(request)
        given = {name: _read_text(request.data, name) for name in FIELDS if name in request.data}
        change = Change(read_client_address(request.META), request.auth.digest, queue_code)
        try:
            update_profile(request.user, given, change)
        except ProfileRefused as error:
            raise _word_profile(error) from error
        except LoginThrottled as error:
            raise _throttled(error) from error
        return _show_user(request.user)


def _show_user(customer_id):
    return answer(user=describe_user(Customer.objects.get(pk=customer_id)))


def _verify(request, username, code):
    caller = _find_caller(request)
    if caller and caller.new_mobile and read_username(username) == MOBILE + caller.new_mobile:
        return confirm_mobile(caller.pk, caller.new_mobile, code)
    ref = request.data.get("ref")
    return verify_code(username, code, lambda customer: note_referral(customer, ref))


def _find_caller(request):
    """The customer whose login token the call carries, or None: who logs in may still send an old one."""
    try:
        customer_id, bearer = TokenAuthentication().authenticate(request)
    except OrderRefused:
        return None
    return Customer.objects.get(pk=customer_id) if bearer.use == ACCESS else None


def _read_text(given, field):
    """A text, or the text of a whole number; None for null. Raises CallRefused, which names the field."""
    value = given.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST or not _is_storable(value):
        raise CallRefused(400, BAD_FIELD.format(field=field))
    return value


def _require_text(given, field):
    text = _read_text(given, field)
    if text is None or not text.strip():
        raise CallRefused(400, MISSING.format(field=field))
    return text


def _require_code(given):
    """The code as it came, a text or a whole number: the number has lost its leading zeros."""
    text, value = _require_text(given, "code"), given["code"]
    return value if isinstance(value, int) else text


def _is_storable(text):
    """Whether PostgreSQL takes it: no NUL, and no halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _throttled(error):
    return CallRefused(429, FAULTS[429], Retry_After=str(error.retry_after_seconds))


def _word_profile(refused):
    words = PROFILE_REFUSALS.get(refused.reason, MALFORMED_FIELD)
    return CallRefused(400, words.format(field=refused.field))
