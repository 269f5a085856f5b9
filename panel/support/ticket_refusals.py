"""Why a ticket or message was not taken: one closed list that pages and the contract word in their own way."""

from enum import Enum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from panel.lib.dates import format_number


class Refusal(Enum):
    """Reasons of TicketRefused."""

    EMPTY = "empty"  # the field has nothing to read
    LONG = "long"  # the field has more than `limit` characters
    OPEN = "open"  # the customer has `limit` open tickets
    OFTEN = "often"  # the customer wrote `limit` messages within an hour
    UNKNOWN = "unknown"  # no such ticket
    FOREIGN = "foreign"  # another customer's ticket
    MOVED = "moved"  # somebody wrote after what the writer has seen
    CLOSED = "closed"  # it is closed already
    OPENED = "opened"  # it is not closed
    TAKEN = "taken"  # another of the staff has it since


class TicketRefused(Exception):
    """Nothing was written. `field` and `limit` are told where the reason has them."""

    def __init__(self, code, *, field="", limit=0):
        super().__init__(code.value)
        self.code = code
        self.field = field
        self.limit = limit


def describe(refused):
    """The refusal as a sentence for people, in the active language."""
    words = {
        Refusal.EMPTY: _("Write something here."),
        Refusal.LONG: _("At most %(limit)s characters fit."),
        Refusal.OPEN: _("You have %(limit)s open tickets already. Close one that is settled first."),
        Refusal.OFTEN: _("You wrote %(limit)s messages within an hour. Write again a little later."),
        Refusal.UNKNOWN: _("There is no such ticket."),
        Refusal.FOREIGN: _("There is no such ticket."),
        Refusal.MOVED: _("Somebody wrote here meanwhile: read the newest message, then send yours."),
        Refusal.CLOSED: _("The ticket was closed before."),
        Refusal.OPENED: _("The ticket is open already."),
        Refusal.TAKEN: _("It was given to somebody else meanwhile."),
    }[refused.code]
    return words % {"limit": format_number(refused.limit, get_language())}
