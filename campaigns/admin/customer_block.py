"""The customer's campaigns at the top of their page in the admin."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from panel.admin_site.columns import moment_column, show_number
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)

created = moment_column("created", _("created"))


def _read_campaigns(customer):
    newest = Campaign.objects.filter(owner=customer).order_by("-id")[:SHOWN_ROWS]
    rows = tuple(
        (
            link_row("admin:campaigns_campaign_change", campaign),
            campaign.get_state_display(),
            show_number(campaign.likes),
            show_number(campaign.budget),
            created(campaign),
        )
        for campaign in newest
    )
    heads = (_("number"), _("status"), _("likes"), _("budget"), _("created"))
    return BlockContent(heads=heads, rows=rows, empty=_("They have no campaign."))


add_customer_block(
    CustomerBlock(
        title=_("Campaigns"),
        place=80,
        permission="campaigns.view_campaign",
        read=_read_campaigns,
        all_url=list_of("admin:campaigns_campaign_changelist"),
    )
)
