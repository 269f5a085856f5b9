"""What the wallet says upward."""

from django.dispatch import Signal

wallet_event = Signal()  # event: WalletEvent, inside the claiming transaction
