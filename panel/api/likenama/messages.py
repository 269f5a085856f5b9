"""Messages to staff become tickets (contracts: likenama-v1, Sending a Message). The error of this path is a list.

Content is plain text. The email is only told to staff, below it: nobody proved that it is theirs.
"""

import html

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from panel.api.likenama.base import LikenamaView, answer_done, read_part, read_text
from panel.api.likenama.errors import (
    BAD_EMAIL,
    EMAIL_LINE,
    EMPTY_CONTENT,
    EMPTY_TITLE,
    LONG_CONTENT,
    LONG_TITLE,
    TICKET_REFUSALS,
)
from panel.api.rest.views import CallRefused
from panel.support.ticket_refusals import TicketRefused
from panel.support.tickets import MAX_SUBJECT, open_ticket

MAX_CONTENT = 500  # characters
MAX_EMAIL = 254


class MessagesView(LikenamaView):
    """`POST messages`."""

    http_method_names = ["post"]

    def show_fault(self, status, words):
        """The list of all that is wrong."""
        return {"errors": words if isinstance(words, list) else [words]}

    def post(self, request):
        given = read_part(request, "message")
        title, content, email = (_read_line(given, name) for name in ("title", "content", "email"))
        faults = [*_judge_title(title), *_judge_content(content), *_judge_email(email)]
        if faults:
            raise CallRefused(422, faults)
        try:
            open_ticket(request.user.pk, title, _build_description(content, email))
        except TicketRefused as refused:
            raise CallRefused(422, TICKET_REFUSALS[refused.code].format(limit=refused.limit)) from refused
        return answer_done()


def _read_line(given, name):
    """The text under `name`, without spaces around it; None where there is none that can be stored."""
    text = read_text(given.get(name))
    if text is None:
        return ""
    storable = isinstance(text, str) and "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
    return text.strip() if storable else None


def _judge_title(title):
    if not title:
        return [EMPTY_TITLE]
    return [LONG_TITLE.format(limit=MAX_SUBJECT)] if len(title) > MAX_SUBJECT else []


def _judge_content(content):
    if not content:
        return [EMPTY_CONTENT]
    return [LONG_CONTENT] if len(content) > MAX_CONTENT else []


def _judge_email(email):
    if email == "":
        return []
    try:
        validate_email(email)
    except ValidationError:
        return [BAD_EMAIL]
    return [] if len(email) <= MAX_EMAIL and email.isprintable() else [BAD_EMAIL]


def _build_description(content, email):
    """The ticket's text, escaped: what looks like HTML here was written as it stands."""
    text = f"{content}\n\n{EMAIL_LINE.format(email=email)}" if email else content
    return html.escape(text, quote=False)
