"""`user/register` of the REST SMS gateway.

| code | when |
|---|---|
| 10 | the username isn't 3 to 32 Latin letters, digits, `_`, `.` or `-` |
| 15 | the username is taken: registered before, `sandbox`, or one that begins with `sandbox-sms-` |
| 17 | no password, or `repeatPassword` differs from it |
| 11 | `mobileNumber` is no mobile number |
| 12 | `melliCode` isn't 10 digits with the right check digit |
| 13 | `email` is no address |
| 14 | `modir` isn't `sandbox` |
| 16 | `package` isn't `basic` or `pro` |

They are looked at in this order, the last five only when they are given. A new user is in state 5.
"""

import re
from typing import Any

from providers.sandbox.mobiles import is_mobile, normalise_mobile
from providers.sandbox.sms_accounts import USERNAME, is_named, register_user
from providers.sandbox.sms_gateway import CodeRefusal, play_operation, read_object, tell_result
from providers.sandbox.sms_magic import find_text_code
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request

BAD_USERNAME, BAD_MOBILE, BAD_NATIONAL_CODE, BAD_EMAIL = 10, 11, 12, 13
MANAGER_NOT_ALLOWED, USERNAME_TAKEN, BAD_PACKAGE, PASSWORDS_DIFFER = 14, 15, 16, 17
PACKAGES = frozenset({"basic", "pro"})

_USERNAME = re.compile(r"[A-Za-z0-9_.-]{3,32}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NATIONAL_CODE = re.compile(r"[0-9]{10}")


def answer_register(state: State, request: Request) -> Answer:
    """`POST user/register`: a bare code."""
    return play_operation(state, "user/register", None, lambda: _register(state, request))


def _register(state: State, request: Request) -> Answer:
    fields = {name: "" if value is None else value for name, value in read_object(request).items()}
    username, password = str(fields.get("username", "")), str(fields.get("password", ""))
    code = find_text_code(username) or _check_name(username) or _check_fields(fields)
    if code:
        raise CodeRefusal(code)
    if not register_user(state.store, username, password):
        raise CodeRefusal(USERNAME_TAKEN)
    return tell_result(0)


def _check_name(username: str) -> int:
    if not _USERNAME.fullmatch(username):
        return BAD_USERNAME
    return USERNAME_TAKEN if is_named(username) else 0


def _check_fields(fields: dict[str, Any]) -> int:
    """The code of the first field that is wrong, or 0."""
    password = str(fields.get("password", ""))
    if not password or password != str(fields.get("repeatPassword", "")):
        return PASSWORDS_DIFFER
    checks = (
        ("mobileNumber", lambda text: is_mobile(normalise_mobile(text)), BAD_MOBILE),
        ("melliCode", is_national_code, BAD_NATIONAL_CODE),
        ("email", _EMAIL.fullmatch, BAD_EMAIL),
        ("modir", lambda text: text == USERNAME, MANAGER_NOT_ALLOWED),
        ("package", lambda text: text in PACKAGES, BAD_PACKAGE),
    )
    given = ((str(fields.get(name, "")), fits, code) for name, fits, code in checks)
    return next((code for text, fits, code in given if text and not fits(text)), 0)


def is_national_code(text: str) -> bool:
    """Whether these are 10 digits, not all the same, whose last one checks the others."""
    if not _NATIONAL_CODE.fullmatch(text) or len(set(text)) == 1:
        return False
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(text[:9])) % 11
    return int(text[9]) == (rest if rest < 2 else 11 - rest)
