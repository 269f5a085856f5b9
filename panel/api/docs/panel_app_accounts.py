"""panel-app's login, logout and profile (contracts: panel-app-v1), for the reference."""

from django.conf import settings
from django.utils.translation import gettext as _

from panel.accounts.login_codes import PER_HOUR, TRIES
from panel.api.docs.documents import TOKEN, reference
from panel.api.docs.panel_app_shapes import TEXT, TIME, USER, build_answer
from panel.api.docs.panel_app_words import LOGIN, TOKEN_OR_KEY, get, post
from panel.api.panel_app import accounts

MOBILE = "09351112233"
CODE = "482913"  # stands for the one that comes by SMS


def list_account_calls():
    """login, login/verify, logout and user, in the active language."""
    return [_describe_login(), _describe_verify(), _describe_logout(), *_list_profile_calls()]


def _describe_login():
    sent = {"expires_at": 1591275273, "message": accounts.CODE_SENT}
    told = _("When the code expires. The answer is the same whether or not there is such an account.")
    numbers = {
        "seconds": settings.LOGIN_CODE_SECONDS,
        "hourly": PER_HOUR,
        "address": settings.LOGIN_CODES_PER_ADDRESS,
    }
    return post(
        "login",
        "login",
        accounts.LoginView,
        _("Ask for a login code"),
        build_answer(201, told, sent, expires_at=TIME, message=TEXT),
        _(
            "A code of six digits goes to the mobile by SMS. One in %(seconds)s seconds and %(hourly)s an "
            "hour for each username, %(address)s an hour for an address. An unknown mobile number gets a "
            "code too and registers with it; an unknown email gets nothing, and the same answer."
        )
        % numbers,
        body=(reference("LoginBody"), {"username": MOBILE}),
    )


def _describe_verify():
    opened = {"access_token": TOKEN, "token_type": accounts.TOKEN_TYPE, "expires_at": 1591275273}
    told = _("The token, and when it ends.")
    kind = {"type": "string", "const": accounts.TOKEN_TYPE}
    numbers = {
        "seconds": settings.LOGIN_CODE_SECONDS,
        "tries": TRIES,
        "days": settings.LOGIN_TOKEN_DAYS,
    }
    return post(
        "login_verify",
        "login/verify",
        accounts.VerifyView,
        _("Exchange the code for a token"),
        build_answer(200, told, opened, access_token=TEXT, token_type=kind, expires_at=TIME),
        _(
            "A code is good once, for %(seconds)s seconds and %(tries)s tries; the token lives %(days)s "
            "days. Who asked for another mobile number in the profile sends the code of that number here "
            "with the token, and it is theirs from then on."
        )
        % numbers,
        body=(reference("VerifyBody"), {"username": MOBILE, "code": CODE}),
    )


def _describe_logout():
    told = _("The token is dead.")
    return get(
        "logout",
        "logout",
        accounts.LogoutView,
        _("Log out"),
        build_answer(200, told, {"message": accounts.LOGGED_OUT}, message=TEXT),
        auth=LOGIN,
    )


def _list_profile_calls():
    user = reference("User")
    body = {"first_name": "Ehsan", "last_name": "Noureddini"}
    seen = _("Balance and what was spent in toman; custom_rate is your discount in percent.")
    return [
        get(
            "user",
            "user",
            accounts.UserView,
            _("Your profile"),
            build_answer(200, seen, {"user": USER}, user=user),
            auth=TOKEN_OR_KEY,
        ),
        post(
            "user_update",
            "user",
            accounts.UserView,
            _("Change your profile"),
            build_answer(200, _("The profile as it is now."), {"user": USER}, user=user),
            _("Only what is sent changes; all of it, or nothing."),
            body=(reference("UserBody"), body),
            auth=LOGIN,
        ),
    ]
