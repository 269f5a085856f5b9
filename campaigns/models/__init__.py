"""The tables of the like exchange, by subject."""

from campaigns.models.bundles import Bundle, BundlePurchase
from campaigns.models.campaigns import Campaign, Cover, Report
from campaigns.models.classes import CampaignClass
from campaigns.models.likes import AddressDay, Like, Pace
from campaigns.models.shop import Product, ProductCode

__all__ = [
    "AddressDay",
    "Bundle",
    "BundlePurchase",
    "Campaign",
    "CampaignClass",
    "Cover",
    "Like",
    "Pace",
    "Product",
    "ProductCode",
    "Report",
]
