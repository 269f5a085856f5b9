"""What the caller was told (contracts: panel-app-v1, user/notifications).

The contract has no pages: the newest 100 are told, newest first (support/notifications.py).
"""

from panel.api.panel_app.auth import require_writer
from panel.api.panel_app.base import PanelView, answer, unix
from panel.support.notifications import list_notifications, mark_all_read

CLEARED = "اطلاع رسانی ها با موفقیت پاک شدند"


class NotificationsView(PanelView):
    """`GET user/notifications` and `POST user/notifications`, which marks all read."""

    def get(self, request):
        rows = list_notifications(request.user)
        return answer(notifications=[_describe(row) | {"read_at": unix(row.read_at)} for row in rows])

    def post(self, request):
        require_writer(request)
        mark_all_read(request.user)
        return answer(message=CLEARED)


class UnreadView(PanelView):
    """`GET user/notifications/unread`: the same without `read_at`."""

    def get(self, request):
        return answer(notifications=list(map(_describe, list_notifications(request.user, unread=True))))


def _describe(row):
    return {"id": str(row.pk), "message": row.message, "created_at": unix(row.created)}
