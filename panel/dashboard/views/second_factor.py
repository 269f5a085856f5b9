"""The customer's second factor: made, turned off, and its recovery codes renewed.

What is shown once, the recovery codes, stands in the answer itself; its address leads back when it is loaded again.
Staff come here with a password only: a code by SMS must not decide about what opens the admin.
"""

from functools import wraps
from io import BytesIO

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from panel.accounts import second_factor
from panel.accounts.entering import has_password_session, note_second_factor
from panel.accounts.logins import LoginThrottled
from panel.accounts.second_factor import LONGEST, FactorChanged, SecondFactorWrong
from panel.accounts.waiting import word_tries_wait
from panel.dashboard.access import add_retry, customer_required
from panel.dashboard.preferences import read_next
from panel.dashboard.views.second_step import read_factor_code, word_wrong_factor
from panel.lib.client_address import read_client_address

FORM = ["GET", "HEAD", "POST"]
PIXELS = 5  # of a module of the picture


def owner_required(view):
    """For customers, and for staff whose session a password opened."""

    @customer_required
    @wraps(view)
    def check(request, *args, **kwargs):
        if request.user.is_staff and not has_password_session(request):
            messages.error(request, _("Log in with your password to change this."))
            return redirect("dashboard:security")
        return view(request, *args, **kwargs)

    return check


@require_http_methods(FORM)
@owner_required
def show_factor(request):
    """What it is, or what is to be done with a begun or a confirmed one (GET); beginning one (POST)."""
    if request.method != "POST":
        return _show(request)
    try:
        second_factor.begin(request.user.pk)
    except FactorChanged:
        messages.info(request, _("The second factor is on already."))
    return redirect(request.get_full_path())


@require_safe
@owner_required
def draw_code(request):
    """The picture of the begun factor for the authenticator to scan; kept nowhere."""
    factor = second_factor.find_begun(request.user.pk)
    if factor is None:
        raise Http404
    picture = BytesIO()
    address = second_factor.build_address(factor, request.user)
    segno.make(address, error="m").save(picture, kind="svg", scale=PIXELS, dark="#000", light="#fff")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_http_methods(FORM)
@owner_required
def confirm(request):
    """Turn the begun factor on with its first code, and show the recovery codes this once."""
    if request.method != "POST":
        return redirect("dashboard:second_factor")
    try:
        codes = second_factor.confirm(request.user.pk, *_list_given(request))
    except FactorChanged:
        messages.info(request, _("This changed meanwhile. Look at what is here now."))
        return redirect("dashboard:second_factor")
    except (SecondFactorWrong, LoginThrottled) as error:
        return _refuse(request, error)
    note_second_factor(request, True)
    return _show_codes(request, codes, read_next(request, ""))


@require_http_methods(FORM)
@owner_required
def renew_codes(request):
    """New recovery codes in the place of the old ones, shown this once."""
    if request.method != "POST":
        return redirect("dashboard:second_factor")
    code, address, _session = _list_given(request)
    try:
        codes = second_factor.renew_recovery_codes(request.user.pk, code, address)
    except FactorChanged:
        return redirect("dashboard:second_factor")
    except (SecondFactorWrong, LoginThrottled) as error:
        return _refuse(request, error)
    return _show_codes(request, codes, "")


@require_POST
@owner_required
def turn_off(request):
    """Ask for no second factor any more."""
    try:
        second_factor.turn_off(request.user.pk, *_list_given(request))
    except FactorChanged:
        return redirect("dashboard:second_factor")
    except (SecondFactorWrong, LoginThrottled) as error:
        return _refuse(request, error)
    note_second_factor(request, False)
    messages.success(request, _("The second factor is off."))
    return redirect("dashboard:second_factor")


def _list_given(request):
    return read_factor_code(request), read_client_address(request.META), request.session.row.pk


def _refuse(request, error):
    if isinstance(error, LoginThrottled):
        return add_retry(_show(request, word_tries_wait(error), status=429), error)
    return _show(request, word_wrong_factor(), status=422)


def _show(request, error="", status=200):
    is_on = second_factor.is_on(request.user.pk)
    context = {
        "is_on": is_on,
        "begun": None if is_on else second_factor.find_begun(request.user.pk),
        "left": second_factor.count_recovery_codes(request.user.pk) if is_on else 0,
        "required": second_factor.is_required(request.user),
        "error": error,
        "next": read_next(request, ""),
        "longest_code": LONGEST,
    }
    return render(request, "dashboard/entry/factor.html", context, status=status)


def _show_codes(request, codes, after):
    return render(request, "dashboard/entry/recovery_codes.html", {"codes": codes, "after": after})
