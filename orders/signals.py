"""What orders say upward."""

from django.dispatch import Signal

order_event = Signal()  # event: OrderEvent, inside the claiming transaction
service_event = Signal()  # event: ServiceEvent, inside the claiming transaction
