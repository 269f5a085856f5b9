"""Logging in and signing up by SMS: a code is asked for with a mobile or an email, then typed in.

What was asked with stays in the visitor's session between the two pages. Every answer is the same whether or not
there is such an account.
"""

import time

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from panel.accounts.entering import EntryRefused, enter_with_code
from panel.accounts.login_codes import DIGITS, CodeWrong, MalformedCode, MalformedUsername, NeverAsked
from panel.accounts.logins import LoginThrottled
from panel.accounts.registering import note_terms
from panel.accounts.waiting import word_code_wait
from panel.dashboard.access import add_retry
from panel.dashboard.preferences import read_next
from panel.dashboard.views.login import CustomerLogin
from panel.lib.client_address import read_client_address
from panel.rewards.referrals import COOKIE, note_referral
from panel.support.login_messages import ask_login_code
from panel.support.site_texts import name_version, read_version

ASKED = (
    "asked_code"  # in the session: with what, when the code ends, where to go on, which terms were accepted
)
LONGEST_NAME = 254
READ = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(READ)
def log_in(request):
    """The login page: by code, or with `?by=password` by password; each form posts to it."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(read_next(request))
    if "password" in request.POST or request.GET.get("by") == "password":
        return CustomerLogin.as_view()(request)
    return _answer_ask(request, newcomer=False)


@never_cache
@require_http_methods(READ)
def sign_up(request):
    """The same for newcomers, who accept the terms first."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(read_next(request))
    return _answer_ask(request, newcomer=True)


@never_cache
@require_http_methods(READ)
def type_code(request):
    """The form for the code (GET), and getting in with it (POST)."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("dashboard:login")
    if request.method != "POST":
        return _show_code(request, asked)

    def greet(customer):
        note_referral(customer, request.COOKIES.get(COOKIE))
        note_terms(customer.pk, read_version(asked.get("terms")))

    try:
        entry = enter_with_code(request, asked["username"], _read(request, "code"), asked["after"], greet)
    except (CodeWrong, MalformedCode, NeverAsked, EntryRefused):
        return _show_code(request, asked, _("This code is wrong or has expired."), status=422)
    if not entry.is_open:
        request.session.pop(ASKED, None)
        return redirect("dashboard:second_step")
    if not entry.is_new:
        return HttpResponseRedirect(asked["after"])
    response = HttpResponseRedirect(reverse("dashboard:welcome", query={"next": asked["after"]}))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@never_cache
@require_POST
def send_again(request):
    """Another code to whom the last one went; no sooner than the last one ends."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("dashboard:login")
    try:
        _ask(request, asked["username"], asked["after"], asked["newcomer"], asked.get("terms"))
    except LoginThrottled as error:
        return add_retry(_show_code(request, asked, again=word_code_wait(error), status=429), error)
    return redirect("dashboard:login_code")


def _answer_ask(request, newcomer):
    """The form that asks for a code (GET), and asking (POST)."""
    context = {
        "newcomer": newcomer,
        "next": read_next(request, default=""),
        "typed": _read(request, "username"),
    }
    if request.method != "POST":
        return _show_ask(request, context)
    if newcomer and "terms" not in request.POST:
        return _show_ask(request, context, {"terms": _("Read the terms and accept them first.")}, status=422)
    try:
        _ask(request, context["typed"], read_next(request), newcomer, name_version(get_language()))
    except MalformedUsername:
        errors = {"username": _("This is neither a mobile number nor an email.")}
        return _show_ask(request, context, errors, status=422)
    except LoginThrottled as error:
        if _has_living_code(request, context["typed"]):
            return redirect("dashboard:login_code")  # asked twice, or came back: the code is under way
        return add_retry(_show_ask(request, context, {"username": word_code_wait(error)}, status=429), error)
    return redirect("dashboard:login_code")


def _ask(request, username, after, newcomer, terms):
    until = ask_login_code(username, read_client_address(request.META))
    request.session[ASKED] = {
        "username": username,
        "until": int(until.timestamp()),
        "after": after,
        "newcomer": newcomer,
        "terms": terms,  # as they were when whoever asked accepted them
    }


def _has_living_code(request, username):
    asked = request.session.get(ASKED)
    return asked is not None and asked["username"] == username and asked["until"] > time.time()


def _show_ask(request, context, errors=None, status=200):
    context = context | {"errors": errors or {}, "longest": LONGEST_NAME}
    return render(request, "dashboard/entry/ask.html", context, status=status)


def _show_code(request, asked, error="", again="", status=200):
    context = {
        "asked": asked,
        "by_email": "@" in asked["username"],
        "wait": max(0, asked["until"] - int(time.time())),
        "digits": DIGITS,
        "error": error,
        "again": again,
    }
    return render(request, "dashboard/entry/code.html", context, status=status)


def _read(request, name):
    """What was typed in; NUL, which no browser sends, is left out because PostgreSQL takes none."""
    return request.POST.get(name, "").replace("\0", "")[:LONGEST_NAME]
