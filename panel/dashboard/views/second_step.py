"""The second step of a login: a code of the authenticator, or a recovery code."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from panel.accounts.entering import EntryRefused, NobodyWaits, find_pending, finish
from panel.accounts.logins import LoginThrottled
from panel.accounts.second_factor import LONGEST, FactorChanged, SecondFactorWrong
from panel.accounts.waiting import word_tries_wait
from panel.dashboard.access import add_retry
from panel.lib.client_address import read_client_address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_step(request):
    """The form (GET), and opening the session that waits for it (POST)."""
    try:
        if request.method != "POST":
            find_pending(request)
            return _show(request)
        after = finish(request, read_factor_code(request), read_client_address(request.META))
    except SecondFactorWrong:
        return _show(request, word_wrong_factor(), status=422)
    except LoginThrottled as error:
        return add_retry(_show(request, word_tries_wait(error), status=429), error)
    except (NobodyWaits, EntryRefused, FactorChanged):
        messages.info(request, _("That took too long. Log in once more."))
        return redirect("dashboard:login")
    return HttpResponseRedirect(after or "/")


def read_factor_code(request):
    """What was typed in, cut to what a code may be."""
    return request.POST.get("code", "")[:LONGEST]


def word_wrong_factor():
    """The answer to every code that is not good."""
    return _("This code is wrong or was used before. Wait for the next one.")


def _show(request, error="", status=200):
    return render(request, "dashboard/entry/second.html", {"error": error, "longest": LONGEST}, status=status)
