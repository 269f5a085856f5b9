"""What of the like exchange is about a person."""

from django.utils.translation import gettext as _

from campaigns.models import BundlePurchase, Campaign
from panel.lib.personal import MARK, Personal, add_impersonal, add_obstacle, add_personal

OPEN = (Campaign.State.PENDING, Campaign.State.AVAILABLE)

PARTS = (
    Personal(
        "campaigns.Campaign",
        owners=("owner",),
        wiped={
            "target_url": MARK,
            "target_code": MARK,
            "target_id": "",
            "description": "",
            "phone": "",
            "website": "",
            "address": "",
            "reason": "",
            "cover": None,
        },
        kept=("order_key",),
        exported=(
            "id",
            "target_url",
            "description",
            "phone",
            "website",
            "address",
            "budget",
            "likes",
            "state",
        )
        + ("created", "closed_at"),
    ),
    Personal("campaigns.Pace", owners=("customer",), deleted=True),
    Personal("campaigns.Report", owners=("customer",), exported=("campaign", "created")),
    Personal("campaigns.Like", owners=("customer",), exported=("campaign", "user_share", "created")),
    Personal(
        "campaigns.BundlePurchase",
        owners=("customer",),
        wiped={"token": "", "reason": ""},
        exported=("coins", "free_coins", "state", "created"),
    ),
    Personal(
        "campaigns.ProductCode",
        owners=("buyer",),
        kept=("code",),  # what was sold, encrypted: about nobody
        exported=("product__title", "price", "sold_at"),
    ),
)


def _find_open(customer_id):
    if Campaign.objects.filter(owner=customer_id, state__in=OPEN).exists():
        yield _("Campaigns are running: stop them.")
    if Campaign.objects.filter(owner=customer_id, rest_due=True).exists():
        yield _("What is left of a campaign is being given back: wait a minute.")
    if BundlePurchase.objects.filter(customer=customer_id, state=BundlePurchase.State.PENDING).exists():
        yield _("A purchase waits for the store's answer.")


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_obstacle(_find_open)
    add_impersonal(
        "written by staff for everybody", "campaigns.Bundle", "campaigns.CampaignClass", "campaigns.Product"
    )
    add_impersonal("a picture of a post, forgotten when no campaign shows it", "campaigns.Cover")
    add_impersonal("addresses, of nobody in particular, for a week", "campaigns.AddressDay")
