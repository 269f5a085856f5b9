"""The customer's tickets at the top of their page in the admin."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)
from panel.support.models import Ticket

SHOWN_CHARACTERS = 40
changed = moment_column("changed", _("changed"))


def _read_tickets(customer):
    newest = Ticket.objects.filter(customer=customer).order_by("-id")[:SHOWN_ROWS]
    rows = tuple(
        (
            link_row("admin:support_ticket_change", ticket),
            Truncator(ticket.subject).chars(SHOWN_CHARACTERS),
            ticket.get_status_display(),
            changed(ticket),
        )
        for ticket in newest
    )
    heads = (_("number"), _("subject"), _("status"), _("changed"))
    return BlockContent(heads=heads, rows=rows, empty=_("They have written no ticket."))


add_customer_block(
    CustomerBlock(
        title=_("Tickets"),
        place=60,
        permission="support.view_ticket",
        read=_read_tickets,
        all_url=list_of("admin:support_ticket_changelist"),
    )
)
