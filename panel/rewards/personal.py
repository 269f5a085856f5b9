"""What of rewards is about a person."""

from panel.lib.personal import MARK, Personal, add_impersonal, add_personal

PARTS = (
    Personal("rewards.FreeCredit", owners=("customer",), exported=("amount", "created")),
    Personal(
        "rewards.GiftGrant",
        owners=("customer",),
        wiped={"link": MARK},
        exported=("gift__service__name", "quantity", "link", "created", "expires_at", "used_at"),
    ),
    Personal("rewards.ReferralCode", owners=("customer",), deleted=True, exported=("code",)),
    Personal(
        "rewards.Referral", owners=("customer", "referrer"), exported=("customer", "referrer", "created")
    ),
    Personal("rewards.ReferralReward", owners=("referral__referrer",), exported=("amount", "created")),
)


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_impersonal("rules written by staff", "rewards.RewardRules", "rewards.Gift", "rewards.PriceLevel")
    add_impersonal("sums", "rewards.RewardDay")
