"""What the demo's house gives away: bonuses, a coupon, price levels, free credit and the wheel."""

from panel.demo_data.catalogue import list_service_words
from panel.rewards.models import Gift, PriceLevel, RewardRules
from panel.wallet.payments.models import BonusStep, Coupon

RULES = {
    "free_credit_monthly": 30,
    "wheel_monthly": 30,
    "daily_cap": 1_000_000,
    "referral_percent": 5,
    "referral_payments": 3,
}
BONUS_STEPS = {100_000: 2, 500_000: 5, 2_000_000: 10}
LEVELS = {"برنزی": (1_000_000, 2), "نقره‌ای": (10_000_000, 5), "طلایی": (50_000_000, 10)}
# A service's word, the least and the most units, and the weight.
GIFTS = (("free", 30, 100, 5), ("default", 50, 200, 3), ("like", 20, 50, 1))


def load_promotions():
    """Store what is missing; what was changed by hand stays."""
    RewardRules.objects.get_or_create(pk=1, defaults=RULES)
    steps = [BonusStep(amount_from=amount, percent=percent) for amount, percent in BONUS_STEPS.items()]
    BonusStep.objects.bulk_create(steps, ignore_conflicts=True)
    levels = [
        PriceLevel(name=name, spent_from=spent, discount=discount)
        for name, (spent, discount) in LEVELS.items()
    ]
    PriceLevel.objects.bulk_create(levels, ignore_conflicts=True)
    welcome = Coupon(code="WELCOME", kind=Coupon.Kind.PERCENT, value=10, max_bonus=50_000)
    Coupon.objects.bulk_create([welcome], ignore_conflicts=True)
    words = list_service_words()
    for word, least, most, weight in GIFTS:
        Gift.objects.get_or_create(
            service_id=words[word], defaults={"min": least, "max": most, "weight": weight}
        )
