"""A month of a customer's wallet as a document: its balances and all between them. Amounts are whole toman."""

from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from persiantools.jdatetime import JalaliDate

from panel.lib.dates import format_moment, format_number
from panel.lib.documents import Document, Table
from panel.wallet.invoices import list_customer_facts, list_seller_facts
from panel.wallet.models import Account
from panel.wallet.months import Month
from panel.wallet.statement import Span, find_span, list_all, read_balances, sum_moved


@dataclass(frozen=True, slots=True)
class Statement:
    """One month of a wallet. The span fixes its transfers, so that balances and lines always agree."""

    account: Account
    month: Month
    span: Span
    opening: int
    gained: int
    spent: int

    @property
    def closing(self):
        """What the wallet held at the end."""
        return self.opening + self.gained - self.spent


def make_statement(account, month):
    """The Statement of that Month of an owned account; of the current one, so far."""
    span = find_span(account, month.begin, month.end)
    opening = read_balances(account, [span.after])[span.after]
    gained, spent = sum_moved(account, span)
    return Statement(account, month, span, opening, gained, spent)


def name_month(month, language):
    """The month in words: «آذر ۱۴۰۵», else “November 2026”."""
    if not month.jalali:
        return f"{month.begin:%B} {month.year}"
    names = JalaliDate(month.year, month.month, 1).strftime("%B", locale="fa" if language == "fa" else "en")
    year = format_number(month.year, language).replace("٬", "").replace(",", "")
    return f"{names} {year}"


def list_entries(statement, most=None):
    """Every Entry of the statement, newest first; at most so many."""
    return islice(list_all(statement.account, statement.span), most)


def draw_statement(statement, language, tell=lambda count: None):
    """The PDF as bytes, in that language; `tell(count)` is told how many transfers are written, now and then."""
    with translation.override(language):
        title = _("Statement of %(month)s") % {"month": name_month(statement.month, language)}
        document = Document(language, title, settings.INVOICE_SELLER_NAME)
        document.line_of(title, size=18, bold=True)
        document.ln(2)
        if seller := list_seller_facts():
            document.facts(seller)
            document.rule(2)
        document.facts(list_customer_facts(statement.account.owner))
        document.rule(2)
        document.facts([(label, _toman(amount, language)) for label, amount in _list_sums(statement)])
        document.ln(3)
        _draw_entries(document, statement, language, tell)
        return bytes(document.output())


def _list_sums(statement):
    return [
        (_("Balance before"), statement.opening),
        (_("Came in"), statement.gained),
        (_("Went out"), statement.spent),
        (_("Balance after"), statement.closing),
    ]


def _draw_entries(document, statement, language, tell):
    columns = [
        (_("Date"), 0.22, False),
        (_("What for"), 0.38, False),
        (_("Amount (toman)"), 0.2, True),
        (_("Balance after"), 0.2, True),
    ]
    table = Table(document, columns)
    for count, entry in enumerate(list_entries(statement), 1):
        moment, moved = format_moment(entry.created, language), format_number(entry.moved, language)
        table.row([moment, word_entry(entry), moved, format_number(entry.balance, language)])
        tell(count)


def word_entry(entry):
    """What a transfer was for, in one line."""
    # No "#": beside Persian words it would change sides.
    number = str(entry.topic_id) if entry.topic_id is not None else ""
    note = f"({entry.note})" if entry.note else ""
    return " ".join(part for part in (capfirst(str(entry.label)), number, note) if part)


def _toman(amount, language):
    return _("%(amount)s toman") % {"amount": format_number(amount, language)}
