"""The rules of rewards: one row, made with its defaults where it is missing. A limit of 0 switches a reward off."""

from panel.rewards.models import RewardRules


def read_rules():
    """The row of rules."""
    return RewardRules.objects.get_or_create(pk=1)[0]


def gives_free_credit(rules):
    """Whether anybody may get free credit by these rules."""
    return rules.free_credit_monthly > 0 and rules.daily_cap > 0


def gives_gifts(rules):
    """Whether anybody may spin the wheel by these rules."""
    return rules.wheel_monthly > 0 and rules.gift_hours > 0 and rules.daily_cap > 0


def shares_payments(rules):
    """Whether referrers get a share by these rules."""
    return rules.referral_percent > 0 and rules.referral_payments > 0
