"""The customer's profile: names, email, language and password."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from panel.accounts import second_factor
from panel.accounts.browser_sessions import How
from panel.accounts.logins import LoginThrottled
from panel.accounts.models import Customer
from panel.accounts.passwords import FactorMissing, PasswordWrong, change_password, find_code_window
from panel.accounts.profiles import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    NAMES,
    Change,
    ProfileRefused,
    choose_language,
    update_profile,
)
from panel.accounts.second_factor import LONGEST, SecondFactorWrong
from panel.accounts.waiting import word_tries_wait
from panel.dashboard.access import add_retry, customer_required
from panel.dashboard.preferences import read_next
from panel.dashboard.views.second_step import read_factor_code, word_wrong_factor
from panel.lib.client_address import read_client_address
from panel.support.login_messages import queue_code

FORM = ["GET", "HEAD", "POST"]
NO_TOKEN = b""
TEXTS = (*NAMES, "email")


@require_http_methods(FORM)
@customer_required
def show_profile(request):
    """Who one is (GET), and changing it (POST)."""
    if request.method != "POST":
        return _show(request)
    try:
        _update(request)
    except (ProfileRefused, LoginThrottled) as error:
        return _answer_refused(request, error, _show)
    language = request.POST.get("language")
    choose_language(request.user.pk, language)
    messages.success(request, _("Your profile is saved."))
    response = redirect("dashboard:profile")
    if language in Customer.Language.values:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language)
    return response


@require_http_methods(FORM)
@customer_required
def welcome(request):
    """The newcomer's names and email, which may be left out (GET), and keeping them (POST)."""
    if request.method != "POST":
        return _show_welcome(request)
    try:
        _update(request)
    except (ProfileRefused, LoginThrottled) as error:
        return _answer_refused(request, error, _show_welcome)
    return HttpResponseRedirect(read_next(request))


@require_http_methods(FORM)
@sensitive_post_parameters()
@customer_required
def set_password(request):
    """The form for a new password (GET), and taking it (POST)."""
    if request.method != "POST":
        return _show_password(request)
    given = [_read(request, name, LONGEST_PASSWORD + 1) for name in ("old", "new", "again")]
    if given[1] != given[2]:
        return _show_password(request, {"again": _("The two are not the same.")}, status=422)
    address, session_id = read_client_address(request.META), request.session.row.pk
    try:
        change_password(request.user, *given[:2], read_factor_code(request), address, session_id)
    except LoginThrottled as error:
        return add_retry(_show_password(request, {"form": word_tries_wait(error)}, status=429), error)
    except (PasswordWrong, ProfileRefused, SecondFactorWrong, FactorMissing) as error:
        return _show_password(request, _word_password(error), status=422)
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password is set. Everything else that was logged in has ended."))
    return redirect("dashboard:security")


def _update(request):
    given = {name: _read(request, name, 320) for name in TEXTS if name in request.POST}
    change = Change(read_client_address(request.META), NO_TOKEN, queue_code, request.session.row.pk)
    update_profile(request.user.pk, given, change)


def _answer_refused(request, error, show):
    """The form again, with what was typed and what is wrong with it."""
    if isinstance(error, LoginThrottled):
        return add_retry(show(request, {"form": word_tries_wait(error)}, status=429), error)
    words = {
        ("email", "format"): _("This is no email."),
        ("email", "taken"): _("This email can't be used."),
    }
    fallback = _("At most %(limit)s characters fit.") % {"limit": LONGEST_NAME}
    return show(request, {error.field: words.get((error.field, error.reason), fallback)}, status=422)


def _word_password(error):
    if isinstance(error, PasswordWrong):
        return {"old": _("This is not your password.")}
    if isinstance(error, SecondFactorWrong):
        return {"code": word_wrong_factor()}
    if isinstance(error, FactorMissing):
        return {"form": _("Turn on the second factor first; then you can change your password.")}
    words = {
        "staff": _("You have no password yet. Ask a colleague with the right to give you one."),
        "password_too_short": _("The password is too short: it takes at least 8 characters."),
        "password_too_common": _("Too many people use this password."),
        "password_entirely_numeric": _("The password must not be a number."),
        "password_too_similar": _("The password is too much like your name, mobile or email."),
    }
    return {"new": words.get(error.reason, _("This password can't be used."))}


def _show(request, errors=None, status=200):
    return _render(request, "profile", {"languages": Customer.Language.choices}, errors, status)


def _show_welcome(request, errors=None, status=200):
    return _render(request, "welcome", {"next": read_next(request)}, errors, status)


def _show_password(request, errors=None, status=200):
    errors = dict(errors or {})
    has_one = request.user.has_usable_password()
    until = find_code_window(request.user, request.session.row.pk) if has_one else None
    if until is not None and errors.pop("old", None):  # there is no such field to say it beneath
        errors["form"] = _("The password was changed meanwhile. Try again, if that was not you.")
    context = {
        "asks_old": has_one and until is None,
        "minutes_left": until and -(-(until - timezone.now()) // timedelta(minutes=1)),
        "came_by_code": request.session.row.how == How.CODE,
        "asks_code": second_factor.is_on(request.user.pk),
        "longest_password": LONGEST_PASSWORD,
        "longest_code": LONGEST,
    }
    return _render(request, "set_password", context, errors, status)


def _render(request, page, context, errors, status):
    typed = {name: _read(request, name, 320) for name in TEXTS} if request.method == "POST" else request.user
    context |= {"errors": errors or {}, "typed": typed, "longest_name": LONGEST_NAME}
    return render(request, f"dashboard/entry/{page}.html", context, status=status)


def _read(request, name, longest):
    """What was typed in; NUL, which no browser sends, is left out because PostgreSQL takes none."""
    return request.POST.get(name, "").replace("\0", "")[:longest]
