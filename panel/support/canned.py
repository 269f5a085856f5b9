"""Canned answers: what their placeholders stand for, and which text fits the customer.

A text is HTML of the few tags that tickets know; what stands in for a placeholder is escaped.
"""

import html
import re

from panel.lib.dates import format_number
from panel.wallet.ledger import read_balance

PLACEHOLDERS = ("name", "ticket", "balance")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def find_unknown(text):
    """The names in braces that stand for nothing, in order."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def write_answer(canned, ticket):
    """The text of a CannedAnswer for this ticket, in its customer's language or, where that is empty, the other one.

    `{name}` is the customer's name, `{ticket}` the number, `{balance}` the wallet in toman.
    """
    customer = ticket.customer
    first, second = (
        (canned.text_fa, canned.text_en) if customer.language == "fa" else (canned.text_en, canned.text_fa)
    )
    values = {
        "name": lambda: str(customer),
        "ticket": lambda: str(ticket.pk),
        "balance": lambda: format_number(read_balance(customer.pk), customer.language),
    }

    def fill(found):
        value = values.get(found[1])
        return html.escape(value()) if value else found[0]

    return _PLACEHOLDER.sub(fill, first or second)
