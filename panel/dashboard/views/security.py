"""Where the customer is logged in, by browser and by the apps; each ends at once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from panel.accounts import second_factor
from panel.accounts.browser_sessions import end_other_sessions, end_session, list_sessions
from panel.accounts.devices import describe_device, is_handheld
from panel.accounts.login_tokens import end_other_logins, end_own_login, list_logins
from panel.dashboard.access import customer_required

NO_TOKEN = b""  # a browser has none, so all logins of the apps are others


@require_safe
@customer_required
def show_security(request):
    """The second factor's state, the browsers' sessions and the apps' logins."""
    rows = list(list_sessions(request.user.pk))
    for row in rows:
        row.device, row.handheld = describe_device(row.user_agent), is_handheld(row.user_agent)
        row.is_this = row.pk == request.session.row.pk
    context = {
        "sessions": sorted(rows, key=lambda row: not row.is_this),
        "logins": list(list_logins(request.user.pk)),
        "factor_is_on": second_factor.is_on(request.user.pk),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "dashboard/entry/security.html", context)


@require_POST
@customer_required
def end_one(request, session_id):
    """End another session; this one ends by logging out. 404 for anybody else's."""
    if session_id == request.session.row.pk or not end_session(request.user.pk, session_id):
        raise Http404
    messages.success(request, _("That session has ended."))
    return redirect("dashboard:security")


@require_POST
@customer_required
def end_login(request, token_id):
    """End a login of an app; 404 for anybody else's."""
    if not end_own_login(request.user.pk, token_id):
        raise Http404
    messages.success(request, _("That login has ended."))
    return redirect("dashboard:security")


@require_POST
@customer_required
def end_others(request):
    """End everything but this session."""
    end_other_sessions(request.user.pk, request.session.row.pk)
    end_other_logins(request.user.pk, NO_TOKEN)
    messages.success(request, _("You are logged in here only."))
    return redirect("dashboard:security")
