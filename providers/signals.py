"""What the providers say upward."""

from django.dispatch import Signal

provider_event = Signal()  # event: ProviderEvent, inside the claiming transaction
