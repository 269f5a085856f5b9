"""What the panel knows of the customer: as a file, and erased when they ask."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from panel.accounts.logins import LoginThrottled
from panel.accounts.waiting import word_tries_wait
from panel.dashboard.access import add_retry, customer_required
from panel.jobs.starting import TooManyJobs
from panel.lib.client_address import read_client_address
from panel.lib.form_keys import new_form_key, read_form_key
from panel.personal.asking import ErasureRefused, PasswordWrong, ask_own_erasure, find_live, undo_erasure
from panel.personal.exporting import start_export

LONGEST_PASSWORD = 4096


@require_safe
@customer_required
def show_personal_data(request):
    """The buttons for the file and for erasing, or until when that can be taken back."""
    return _show(request)


@require_POST
@customer_required
def export(request):
    """Start the job that writes the file."""
    try:
        job = start_export(request.user.pk, request.user.pk, read_form_key(request))
    except TooManyJobs:
        messages.error(request, _("Too much is running already. Wait until some of it is done."))
        return redirect("dashboard:jobs")
    return redirect("dashboard:job", job.pk)


@require_POST
@sensitive_post_parameters()
@customer_required
def ask_to_be_erased(request):
    """Have everything erased after the waiting time; the password says that it is them."""
    password = request.POST.get("password", "").replace("\0", "")[:LONGEST_PASSWORD]
    try:
        ask_own_erasure(request.user, password, read_client_address(request.META))
    except LoginThrottled as error:
        return add_retry(_show(request, 429, password_error=word_tries_wait(error)), error)
    except PasswordWrong:
        return _show(request, 422, password_error=_("This is not your password."))
    except ErasureRefused as refused:
        return _show(request, 422, obstacles=refused.sentences)
    messages.success(request, _("Your account will be erased. Until then you can take it back here."))
    return redirect("dashboard:personal_data")


@require_POST
@customer_required
def take_back(request):
    """Erase nothing after all."""
    if undo_erasure(request.user.pk):
        messages.success(request, _("Nothing will be erased."))
    else:
        messages.info(request, _("There was nothing to take back."))
    return redirect("dashboard:personal_data")


def _show(request, status=200, *, password_error="", obstacles=()):
    context = {
        "erasure": find_live(request.user.pk),
        "password_error": password_error,
        "obstacles": obstacles,
        "has_password": request.user.has_usable_password(),
        "form_key": new_form_key(),
    }
    return render(request, "dashboard/entry/personal_data.html", context, status=status)
