"""The admin pages of the like exchange, by topic."""

from campaigns.admin import bundles, campaigns, classes, covers, customer_block, likes, reports, shop

__all__ = ["bundles", "campaigns", "classes", "covers", "customer_block", "likes", "reports", "shop"]
