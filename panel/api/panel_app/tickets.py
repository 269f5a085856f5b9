"""The caller's tickets (contracts: panel-app-v1, user/tickets).

The contract has no pages: the newest 100 tickets are listed, newest first, and a ticket tells its newest 200
messages, oldest first. Descriptions and messages are safe HTML, subjects plain text.
"""

from panel.accounts.models import Customer
from panel.api.panel_app.auth import require_writer
from panel.api.panel_app.base import PanelView, answer, unix
from panel.api.panel_app.errors import FORBIDDEN
from panel.api.panel_app.users import describe_user
from panel.api.rest.views import CallRefused
from panel.lib.dates import read_digits, to_latin_digits
from panel.support.models import Ticket
from panel.support.ticket_refusals import Refusal, TicketRefused
from panel.support.tickets import Reader, add_reply, find_ticket, open_ticket, read_messages

LISTED = 100
BAD_FIELD = "پارامتر های وارد شده اشتباه هستند: {field}"
LONG_FIELD = "پارامتر های وارد شده اشتباه هستند: {field} حداکثر {limit} نویسه است"
REFUSALS = {
    Refusal.EMPTY: (400, BAD_FIELD),
    Refusal.LONG: (400, LONG_FIELD),
    Refusal.OPEN: (429, "شما {limit} تیکت باز دارید؛ پیش از ثبت تیکت تازه، یکی از آن‌ها باید بسته شود"),
    Refusal.OFTEN: (429, "در هر ساعت حداکثر {limit} پیام می‌توانید بفرستید؛ کمی بعد دوباره تلاش کنید"),
    Refusal.UNKNOWN: (404, "تیکت مورد نظر یافت نشد"),
    Refusal.FOREIGN: (403, FORBIDDEN),
}


class TicketView(PanelView):
    """A view that words the refusals of tickets."""

    http_method_names = ["get", "post"]  # no HEAD: reading a ticket marks it read

    def handle_exception(self, error):
        return super().handle_exception(_word(error) if isinstance(error, TicketRefused) else error)


class TicketsView(TicketView):
    """`GET user/tickets` and `POST user/tickets`."""

    def get(self, request):
        rows = Ticket.objects.filter(customer_id=request.user).order_by("-id")[:LISTED]
        return answer(tickets=[_describe_ticket(row) for row in rows])

    def post(self, request):
        require_writer(request)
        subject, description = (_read_text(request.data, name) for name in ("subject", "description"))
        ticket = open_ticket(request.user, subject, description)
        told = {
            "subject": ticket.subject,
            "description": ticket.description,
            "uid": ticket.customer_id,
            "changed": unix(ticket.changed),
            "created": unix(ticket.created),
            "id": ticket.pk,
        }
        return answer(201, ticket=told | {"user": _describe_owner(ticket), "messages": []})


class OneTicketView(TicketView):
    """`GET user/tickets/{id}`, which marks what staff wrote as read, and `POST user/tickets/{id}`."""

    def get(self, request, ticket_id):
        ticket = find_ticket(request.user, _read_id(ticket_id))
        messages = [_describe_message(row) for row in read_messages(ticket, Reader.CUSTOMER)]
        told = _describe_ticket(ticket) | {"user": _describe_owner(ticket), "messages": messages}
        return answer(ticket=told)

    def post(self, request, ticket_id):
        require_writer(request)
        ticket = find_ticket(request.user, _read_id(ticket_id))
        row = add_reply(request.user, ticket.pk, _read_text(request.data, "message"))
        told = {
            "uid": row.author_id,
            "ticket_id": str(ticket.pk),  # a text here and a number in the list, as documented
            "is_read": 0,
            "message": row.message,
            "changed": unix(row.changed),
            "created": unix(row.created),
            "id": row.pk,
        }
        return answer(201, ticket_message=told)


def _describe_ticket(ticket):
    return {
        "id": ticket.pk,
        "ids": None,
        "uid": ticket.customer_id,
        "description": ticket.description,
        "subject": ticket.subject,
        "status": ticket.status,
        "created": unix(ticket.created),
        "changed": unix(ticket.changed),
    }


def _describe_message(row):
    return {
        "id": row.pk,
        "ids": None,
        "uid": row.author_id,
        "ticket_id": row.ticket_id,
        "message": row.message,
        "is_read": int(row.read_at is not None),
        "changed": unix(row.changed),
        "created": unix(row.created),
    }


def _describe_owner(ticket):
    """The document has a list that holds the one user."""
    return [describe_user(Customer.objects.get(pk=ticket.customer_id))]


def _read_id(text):
    """The number in the path; what is none can be no ticket's."""
    number = read_digits(to_latin_digits(text))
    if number is None:
        raise TicketRefused(Refusal.UNKNOWN)
    return number


def _read_text(given, field):
    """A text, or the text of a number. Raises CallRefused, which names the field."""
    value = given.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _is_storable(value):
        raise CallRefused(400, BAD_FIELD.format(field=field))
    return value


def _is_storable(text):
    """Whether PostgreSQL takes it: no NUL, and no halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _word(refused):
    status, words = REFUSALS[refused.code]
    return CallRefused(status, words.format(field=refused.field, limit=refused.limit))
