"""The customer's patterns: the list with the form for one more, and deleting one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from panel.dashboard.access import customer_required
from panel.dashboard.sms.notices import find_standing
from sms import patterns
from sms.refusals import SmsRefused


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def list_patterns(request):
    """The list (GET), and asking for one more (POST)."""
    if request.method != "POST":
        return _show(request)
    given = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("title", "body")}
    try:
        patterns.create_pattern(request.user.pk, **given)
    except patterns.PatternRefused as refused:
        return _show(request, given, _find_place(given), str(refused))
    messages.success(request, _("The pattern waits for approval. It can be sent once it is approved."))
    return redirect("dashboard:sms_patterns")


@require_POST
@customer_required
def delete(request, pattern_id):
    """Delete a pattern."""
    try:
        patterns.delete_pattern(request.user.pk, pattern_id)
    except SmsRefused as refused:
        raise Http404 from refused
    messages.success(request, _("The pattern is deleted."))
    return redirect("dashboard:sms_patterns")


def _find_place(given):
    """The field that a refusal is about: the title where nobody could take it, else the text."""
    title = given["title"].strip()
    return "title" if not title or len(title) > patterns.MAX_TITLE else "body"


def _show(request, given=None, place="", error=""):
    context = {
        "standing": find_standing(request.user),
        "patterns": patterns.list_patterns(request.user.pk),
        "given": given or {},
        "errors": {place: error} if error else {},
        "longest_title": patterns.MAX_TITLE,
        "longest": patterns.MAX_BODY,
    }
    return render(request, "dashboard/sms/patterns.html", context, status=422 if error else 200)
