"""Orders that wait for a link behind one of which nobody knows whether the upstream has it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from orders.models import LinkHold, Order
from providers.models import Dispatch, ProviderEvent


def report_holds():
    """Ask operators, once for each link, to decide about unclear orders that have kept others waiting for longer
    than settings.LINK_HOLD_HOURS; returns how many. Nothing is let go by itself."""
    oldest = timezone.now() - timedelta(hours=settings.LINK_HOLD_HOURS)
    waiting = Order.objects.filter(held_by=OuterRef("order_id"), forwarding=Order.Forwarding.QUEUED)
    with transaction.atomic():
        holds = list(
            LinkHold.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(
                Exists(waiting),
                order__forwarding=Order.Forwarding.UNCLEAR,
                created__lt=oldest,
                reported_at=None,
            )
            .order_by("created")[:100]
        )
        unclear = Dispatch.objects.filter(
            order__in=[hold.order_id for hold in holds], state=Dispatch.State.UNCLEAR
        )
        ProviderEvent.objects.bulk_create(
            ProviderEvent(
                provider_id=row.provider_id,
                kind="link_held",
                data={"order": row.order_id, "dispatch": row.pk},
            )
            for row in unclear
        )
        LinkHold.objects.filter(pk__in=[hold.pk for hold in holds]).update(reported_at=timezone.now())
    return len(holds)
