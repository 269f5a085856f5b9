"""Who brought the customer and whom they brought, at the top of their page in the admin."""

from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import EMPTY, moment_column, show_number
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    list_of,
)
from panel.rewards.models import Referral
from panel.rewards.referrals import sum_earnings

created = moment_column("created", _("created"))


def _read_referrals(customer):
    by = Referral.objects.filter(customer=customer).select_related("referrer").first()
    brought, earned = sum_earnings(customer.pk)
    facts = (
        (_("brought by"), by.referrer if by else EMPTY),
        (_("customers brought"), show_number(brought)),
        (_("toman earned with them"), show_number(earned)),
    )
    newest = Referral.objects.filter(referrer=customer).select_related("customer").order_by("-created")
    rows = tuple((row.customer, created(row)) for row in newest[:SHOWN_ROWS])
    return BlockContent(facts, (_("customer brought"), _("created")), rows, _("They have brought nobody."))


add_customer_block(
    CustomerBlock(
        title=_("Referrals"),
        place=100,
        permission="rewards.view_referral",
        read=_read_referrals,
        all_url=list_of("admin:rewards_referral_changelist"),
    )
)
