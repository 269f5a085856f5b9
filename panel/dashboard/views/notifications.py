"""What the customer was told."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import PAGE_SIZE, cut_page
from panel.dashboard.notice_links import add_targets
from panel.dashboard.preferences import read_next
from panel.support.models import Notification


@require_safe
@customer_required
def list_notifications(request):
    """The list, newest first; with `show=unread` only what was not read yet."""
    unread = request.GET.get("show") == "unread"
    own = Notification.objects.filter(customer=request.user).order_by("-created", "-id")
    if unread:
        own = own.filter(read_at=None)
    cursor = _read_cursor(request.GET.get("before", ""))
    if cursor is not None:
        moment, last = cursor
        own = own.filter(Q(created__lt=moment) | Q(created=moment, id__lt=last))
    page = cut_page(list(own[: PAGE_SIZE + 1]), cursor is None, cursor=_write_cursor)
    add_targets(page.rows, request.user)
    context = {"page": page, "unread": unread, "filter": "show=unread" if unread else ""}
    return render(request, "dashboard/notifications.html", context)


@require_safe
@customer_required
def count_unread(request):
    """How many are unread, for the bell on every page."""
    return render(request, "parts/unread.html")


@require_POST
@customer_required
def mark_all_read(request):
    """Mark everything read that is there now."""
    Notification.objects.filter(customer=request.user, read_at=None).update(read_at=timezone.now())
    return redirect("dashboard:notifications")


@require_POST
@customer_required
def mark_read(request, notification_id):
    """Mark one read; 404 for anybody else's."""
    row = get_object_or_404(Notification, pk=notification_id, customer=request.user)
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
    return redirect(read_next(request, default=reverse("dashboard:notifications")))


def _write_cursor(row):
    return f"{row.created.timestamp():.6f}_{row.pk.hex}"


def _read_cursor(text):
    """The moment and id of the last row seen, or None when the address names none that can be read."""
    seconds, _, last = text.partition("_")
    try:
        return datetime.fromtimestamp(float(seconds), tz=timezone.get_current_timezone()), UUID(last)
    except (ValueError, OverflowError, OSError):
        return None
