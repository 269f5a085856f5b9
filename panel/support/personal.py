"""What of tickets and notifications is about a person."""

from django.utils.translation import gettext as _

from panel.lib.personal import MARK, Personal, add_impersonal, add_obstacle, add_personal
from panel.support.models import Ticket

PARTS = (
    Personal("support.PutAway", owners=("customer",), deleted=True),
    Personal(
        "support.Notification",
        owners=("customer",),
        deleted=True,
        exported=("kind", "message", "order_id", "created", "read_at"),
    ),
    Personal(
        "support.Ticket",
        owners=("customer",),
        wiped={"subject": MARK, "description": ""},
        exported=("id", "subject", "description", "status", "created"),
    ),
    Personal(
        "support.TicketMessage",
        owners=("ticket__customer",),
        wiped={"message": MARK},
        exported=("ticket", "author", "message", "created", "read_at"),
    ),
    Personal("support.TicketNote", owners=("ticket__customer",), wiped={"text": MARK}),
)


def _find_tickets(customer_id):
    if Ticket.objects.filter(customer=customer_id).exclude(status=Ticket.Status.CLOSED).exists():
        yield _("A ticket is open: close it first.")


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_obstacle(_find_tickets)
    add_impersonal(
        "written by staff for everybody", "support.Announcement", "support.SiteText", "support.CannedAnswer"
    )
