"""What the house tells: the page of all that is current, and putting one away."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.preferences import read_next
from panel.support.announcements.showing import find_announcements, put_away


@require_safe
@customer_required
def list_announcements(request):
    """All that are current, those put away too, the newest first."""
    page = read_page(find_announcements(request.user.pk), read_cursor(request))
    return render(request, "dashboard/announcements.html", {"page": page})


@require_POST
@customer_required
def dismiss(request, announcement_id):
    """Put one away, and go back to where the button was; a fragment has nothing left to show."""
    if not put_away(request.user.pk, announcement_id):
        raise Http404
    if request.htmx:
        return HttpResponse()
    return redirect(read_next(request, default=reverse("dashboard:announcements")))
