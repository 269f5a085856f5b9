"""What payments of which amount get on top. Amounts are whole toman."""

from panel.wallet.payments.models import BonusStep


def list_steps():
    """The steps that count, smallest amount first."""
    return list(BonusStep.objects.filter(active=True).order_by("amount_from"))


def find_bonus(amount):
    """What a payment of `amount` gets on top: `floor(amount × percent ÷ 100)` of the highest step that fits."""
    step = BonusStep.objects.filter(active=True, amount_from__lte=amount).order_by("-amount_from").first()
    return amount * step.percent // 100 if step else 0
