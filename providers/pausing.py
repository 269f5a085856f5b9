"""Pausing a provider that refuses our account, and letting it go on."""

from django.utils import timezone

from panel.lib.wakeups import wake
from providers.models import Provider, ProviderEvent

FORWARD_TASK = "providers.tasks.forward_orders"


def pause_provider(provider_id, reason):
    """Send nothing more to this provider until it is resumed; operators are told once. True if it was running."""
    paused = Provider.objects.filter(pk=provider_id, paused_at=None).update(
        paused_at=timezone.now(), pause_reason=reason[:300]
    )
    if paused:
        ProviderEvent.objects.create(provider_id=provider_id, kind="paused", data={"reason": reason[:300]})
    return bool(paused)


def resume_provider(provider_id):
    """Use a paused provider again; waiting orders are looked at within a minute."""
    Provider.objects.filter(pk=provider_id).update(paused_at=None, pause_reason="")
    wake(FORWARD_TASK)
