"""The customer's mobile: shown, and verified with a code by SMS. Who enrolled with a password comes here for it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from panel.accounts.login_codes import DIGITS, CodeWrong, MalformedCode
from panel.accounts.logins import LoginThrottled
from panel.accounts.profiles import Change, ProfileRefused, confirm_mobile, update_profile
from panel.accounts.waiting import word_code_wait
from panel.dashboard.access import customer_required
from panel.lib.client_address import read_client_address
from panel.support.login_messages import queue_code

LONGEST_MOBILE = 32
NO_TOKEN = b""  # a browser has none, and its login stays: the password is not changed here


@customer_required
def show_mobile(request):
    """The mobile with the form for another (GET), and the code that makes it the customer's (POST)."""
    if request.method != "POST":
        return _show(request)
    code = _read(request, "code")
    try:
        confirm_mobile(request.user.pk, request.user.new_mobile, code, welcome=lambda customer: None)
    except (CodeWrong, MalformedCode, ProfileRefused):
        # One answer for all: that somebody else has the number is not told.
        return _show(request, {"code": _("This code is wrong or has expired.")}, status=422)
    messages.success(request, _("Your mobile number is verified."))
    return redirect("dashboard:mobile")


@require_POST
@customer_required
def ask_code(request):
    """Send a code to the mobile that was typed in."""
    change = Change(read_client_address(request.META), NO_TOKEN, queue_code)
    typed = _read(request, "mobile")[:LONGEST_MOBILE]
    try:
        if not typed.strip():
            raise ProfileRefused("mobile")
        update_profile(request.user.pk, {"mobile": typed}, change)
    except ProfileRefused:
        errors = {"mobile": _("This is no mobile number.")}
        return _show(request, errors, typed=typed, status=422)
    except LoginThrottled as error:
        return _show(request, {"mobile": word_code_wait(error)}, typed=typed, status=429)
    return redirect("dashboard:mobile")


def _show(request, errors=None, typed=None, status=200):
    request.user.refresh_from_db()
    context = {"errors": errors or {}, "typed": typed, "digits": DIGITS, "longest_mobile": LONGEST_MOBILE}
    return render(request, "dashboard/mobile.html", context, status=status)


def _read(request, name):
    """What was typed in; NUL, which no browser sends, is left out because PostgreSQL takes none."""
    return request.POST.get(name, "").replace("\0", "")
