"""Two things by shape, not by discipline: staff who act as a customer, and the log of what staff do.

Both stand behind AuthenticationMiddleware and MessageMiddleware; calls of programs pass them by.
"""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from panel.middleware import is_api_path
from panel.staff.acting import SESSION_KEY, find_acting
from panel.staff.models import StaffAction
from panel.staff.recording import find_staff, record_action, was_recorded
from panel.staff.rules import is_open

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
ALWAYS_OPEN = ("dashboard:end_acting", "dashboard:logout")
Kind = StaffAction.Kind


class ActingMiddleware:
    """Puts the customer in the place of the staff everywhere outside the admin, while a session says so.

    `request.staff` is who really sent it, `request.acting` what they do.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, callback, callback_args, callback_kwargs):
        """Takes the customer's place, refuses what is closed then, and writes down what isn't before it is done.

        The CSRF check stands before this one, so what others have the browser send isn't written down.
        """
        path = request.path_info
        if is_api_path(path) or _is_admin(path) or getattr(callback, "asks_nobody", False):
            return None
        if SESSION_KEY not in request.session:
            return None
        acting = find_acting(request)
        if acting is None:
            # What was sent was meant for the customer: it must not be done to who acted.
            return self._leave(request)
        request.acting, request.staff, request.user = acting, request.user, acting.customer
        name = request.resolver_match.view_name
        if name in ALWAYS_OPEN:
            return None
        unsafe = request.method not in SAFE
        if is_open(name, unsafe=unsafe, locked=not acting.customer.is_active):
            if unsafe:
                record_action(request, Kind.REQUEST, words=name)
            return None
        record_action(request, Kind.REFUSED, words=name)
        context = {"locked": not acting.customer.is_active}
        return render(request, "dashboard/acting_closed.html", context, status=403)

    def _leave(self, request):
        """Away from what was asked for: to the staff's own pages, or to the login when they have none any more."""
        if request.session.pop(SESSION_KEY, None) is not None:  # a changed password has emptied the session
            request.session.cycle_key()
        if request.user.is_authenticated:
            messages.warning(request, _("You no longer act as a customer: what you sent was not done."))
        back = reverse("admin:index" if find_staff(request) else "dashboard:home")
        return HttpResponseClientRedirect(back) if request.htmx else HttpResponseRedirect(back)


class AuditMiddleware:
    """Writes down what staff did when nothing else has: forms of the admin, and files they took away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not is_api_path(request.path_info) and response.status_code < 400:
            _record_rest(request, response)
        return response


def _record_rest(request, response):
    takes = response.headers.get("Content-Disposition", "").startswith("attachment")
    sends = request.method not in SAFE and _is_admin(request.path_info) and not was_recorded(request)
    if not (takes or sends):
        return
    staff = find_staff(request)
    if staff is None:
        return
    if takes:
        record_action(request, Kind.DOWNLOAD, staff=staff, words=response.headers["Content-Disposition"])
    if sends:
        match = request.resolver_match
        words = f"{match.view_name} {' '.join(map(str, match.kwargs.values()))}".strip() if match else ""
        record_action(request, Kind.REQUEST, staff=staff, words=words)


def _is_admin(path):
    return path.startswith(reverse("admin:index"))
