"""What happens to rewards when something happens to wallets. Inside the event's transaction."""

from django.dispatch import receiver

from panel.rewards.referrals import share_payment
from panel.wallet.signals import wallet_event


@receiver(wallet_event, dispatch_uid="rewards.wallet_event")
def share_paid(event, **_signal):
    """Give a referrer the share of a payment."""
    if event.kind == "paid":
        share_payment(event.data["payment"])
