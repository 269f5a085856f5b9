"""panel-app's notifications and tickets (contracts: panel-app-v1), for the reference."""

from django.utils.translation import gettext as _

from panel.api.docs.documents import reference
from panel.api.docs.panel_app_shapes import (
    MAYBE_TIME,
    NOTIFICATION,
    TEXT,
    TICKET,
    TIME,
    USER,
    WHOLE,
    build_answer,
    build_list,
    build_object,
    list_ticket,
)
from panel.api.docs.panel_app_words import TOKEN_OR_KEY, get, number_in_path, post
from panel.api.panel_app import notifications, tickets
from panel.support.notifications import LISTED

MESSAGE = {
    "id": 38,
    "ids": None,
    "uid": 176,
    "ticket_id": 19,
    "message": "<p>Thank you.</p>",
    "is_read": 0,
    "changed": 1590416559,
    "created": 1590416559,
}


def list_notification_calls():
    """user/notifications/unread and user/notifications, in the active language."""
    told = {"id": TEXT, "message": TEXT, "created_at": TIME}
    newest = _("The newest %(count)s.") % {"count": LISTED}
    listed = {"notifications": [NOTIFICATION | {"read_at": read_at} for read_at in (None, 1591439600)]}
    every = build_list(build_object(**told, read_at=MAYBE_TIME))
    unread = build_list(build_object(**told))
    cleared = {"message": notifications.CLEARED}
    return [
        get(
            "notifications_unread",
            "user/notifications/unread",
            notifications.UnreadView,
            _("Unread notifications"),
            build_answer(200, newest, {"notifications": [NOTIFICATION]}, notifications=unread),
            auth=TOKEN_OR_KEY,
        ),
        get(
            "notifications",
            "user/notifications",
            notifications.NotificationsView,
            _("Notifications"),
            build_answer(200, newest, listed, notifications=every),
            auth=TOKEN_OR_KEY,
        ),
        post(
            "notifications_read",
            "user/notifications",
            notifications.NotificationsView,
            _("Mark all notifications as read"),
            build_answer(200, _("All are read."), cleared, message=TEXT),
            auth=TOKEN_OR_KEY,
        ),
    ]


def list_ticket_calls():
    """user/tickets and user/tickets/{id}, in the active language."""
    return [_describe_list(), _describe_opening(), _describe_ticket(), _describe_reply()]


def _describe_list():
    return get(
        "tickets",
        "user/tickets",
        tickets.TicketsView,
        _("Your tickets"),
        build_answer(
            200,
            _("The newest %(count)s.") % {"count": tickets.LISTED},
            {"tickets": [TICKET]},
            tickets=build_list(reference("Ticket")),
        ),
        auth=TOKEN_OR_KEY,
    )


def _describe_opening():
    names = ("subject", "description", "uid", "changed", "created", "id")
    shape = {name: list_ticket()[name] for name in names}
    ticket = {name: TICKET[name] for name in names} | {"user": [USER], "messages": []}
    return post(
        "ticket_open",
        "user/tickets",
        tickets.TicketsView,
        _("Open a ticket"),
        build_answer(
            201, _("The ticket."), {"ticket": ticket}, ticket=build_object(**shape, **_list_people())
        ),
        body=(reference("TicketBody"), {"subject": "My order", "description": "The order is late."}),
        auth=TOKEN_OR_KEY,
    )


def _describe_ticket():
    ticket = TICKET | {"user": [USER], "messages": [MESSAGE]}
    shape = build_object(**list_ticket(), **_list_people())
    return get(
        "ticket",
        "user/tickets/{ticket_id}",
        tickets.OneTicketView,
        _("A ticket with its messages"),
        build_answer(200, _("The ticket and its newest messages."), {"ticket": ticket}, ticket=shape),
        _("What staff wrote is marked as read."),
        parameters=(_describe_number(),),
        auth=TOKEN_OR_KEY,
    )


def _describe_reply():
    names = ("uid", "ticket_id", "is_read", "message", "changed", "created", "id")
    shape = dict.fromkeys(names, WHOLE) | {"ticket_id": TEXT, "message": TEXT}
    message = {name: MESSAGE[name] for name in names} | {"ticket_id": "19"}
    return post(
        "ticket_reply",
        "user/tickets/{ticket_id}",
        tickets.OneTicketView,
        _("Reply to a ticket"),
        build_answer(
            201, _("The message."), {"ticket_message": message}, ticket_message=build_object(**shape)
        ),
        body=(reference("ReplyBody"), {"message": "Thank you."}),
        parameters=(_describe_number(),),
        auth=TOKEN_OR_KEY,
    )


def _describe_number():
    return number_in_path("ticket_id", _("The number of the ticket."), 19)


def _list_people():
    return {"user": build_list(reference("User")), "messages": build_list(reference("TicketMessage"))}
