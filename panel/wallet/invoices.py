"""The invoice of a confirmed payment: its figures from the ledger, and the PDF. Amounts are whole toman."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from panel.lib.dates import format_moment, format_number
from panel.lib.documents import Document, Table
from panel.lib.number_words import write_number
from panel.wallet.models import Payment, Transfer


class NoInvoice(Exception):
    """The payment is not confirmed, so there is nothing to invoice."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the customer paid, and the lines that came into the wallet by it as (kind, toman)."""

    payment: Payment
    paid: int
    lines: list[tuple[str, int]]
    moment: datetime

    @property
    def credited(self):
        """All that came into the wallet, in toman."""
        return sum(amount for _kind, amount in self.lines)


def make_invoice(payment):
    """The Invoice of a payment. Raises NoInvoice when the ledger has not been credited for it."""
    keys = [f"payment:{payment.pk}{suffix}" for suffix in ("", ":bonus", ":coupon")]
    moved = {row.key: row for row in Transfer.objects.filter(key__in=keys)}
    main = moved.get(keys[0])
    if payment.state != Payment.State.PAID or main is None:
        raise NoInvoice
    lines = [(moved[key].kind, moved[key].amount) for key in keys if key in moved]
    return Invoice(payment, main.amount, lines, main.created)


def list_seller_facts():
    """What the settings say of the seller, as (label, text); what is not set is left out."""
    facts = [
        (_("Seller"), settings.INVOICE_SELLER_NAME),
        (_("Address"), settings.INVOICE_SELLER_ADDRESS),
        (_("Tax id"), settings.INVOICE_SELLER_TAX_ID),
        (_("Phone"), settings.INVOICE_SELLER_PHONE),
    ]
    return [(label, text) for label, text in facts if text]


def list_customer_facts(customer):
    """Who the customer is, as (label, text)."""
    name = customer.get_full_name() or customer.username
    facts = [(_("Customer"), name), (_("Mobile"), customer.mobile or ""), (_("Email"), customer.email or "")]
    return [(label, text) for label, text in facts if text]


def draw_invoice(invoice, language):
    """The PDF as bytes, in that language."""
    with translation.override(language):
        title = _("Invoice %(number)s") % {"number": invoice.payment.pk}
        document = Document(language, title, settings.INVOICE_SELLER_NAME)
        document.line_of(title, size=18, bold=True)
        document.ln(2)
        document.facts([(_("Date"), format_moment(invoice.moment, language))])
        document.rule()
        if seller := list_seller_facts():
            document.facts(seller)
            document.rule()
        document.facts(list_customer_facts(invoice.payment.customer))
        document.rule()
        _draw_lines(document, invoice, language)
        return bytes(document.output())


def _draw_lines(document, invoice, language):
    table = Table(document, [(_("What for"), 0.65, False), (_("Amount (toman)"), 0.35, True)])
    for kind, amount in invoice.lines:
        table.row([_word_line(kind), format_number(amount, language)])
    document.ln(3)
    words = _("%(amount)s toman") % {"amount": write_number(invoice.paid, language)}
    facts = [
        (_("Paid"), _("%(amount)s toman") % {"amount": format_number(invoice.paid, language)}),
        (_("In words"), words[0].upper() + words[1:]),
        (_("Into the wallet"), _("%(amount)s toman") % {"amount": format_number(invoice.credited, language)}),
        (_("The bank's number"), invoice.payment.reference),
        (_("Card"), invoice.payment.card),
    ]
    document.facts([(label, text) for label, text in facts if text])


def _word_line(kind):
    if kind == Transfer.Kind.PAYMENT:
        return _("Adding funds to the wallet")
    return _("Bonus, free of charge")
