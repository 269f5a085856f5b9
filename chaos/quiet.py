"""Waiting until everything that was begun has come to its end, and what people do meanwhile: staff, and time."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from campaigns.models import BundlePurchase, Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import approve_campaign, stop_campaign
from chaos.sandbox_control import SandboxControl
from orders.models import DripFeed, Order, OrderEvent
from panel.wallet.models import WalletEvent
from panel.wallet.payments.models import Payment
from providers.models import Dispatch, Provider, ProviderEvent
from providers.pausing import resume_provider
from sms.models import Message

LOOK_SECONDS = 0.5
SHOWN = 40


class Reviewer:
    """Somebody of the staff who approves campaigns as they come, in a thread of its own."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._review, name="reviewer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _review(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            try:
                for pk in Campaign.objects.filter(state="pending").values_list("pk", flat=True):
                    approve_campaign(pk)
            except (DatabaseError, CampaignRefused):
                connection.close()
        connection.close()


def end_campaigns() -> None:
    """The owners end what is still shown; a campaign that ends by itself meanwhile has ended too."""
    for pk, owner in Campaign.objects.exclude(state__in=Campaign.CLOSED).values_list("pk", "owner"):
        try:
            stop_campaign(pk, owner)
        except CampaignRefused:
            continue


def resume_providers() -> list[str]:
    """The operator uses paused providers again; returns why each was paused."""
    paused = list(Provider.objects.exclude(paused_at=None).values_list("pk", "name", "pause_reason"))
    for pk, _, _ in paused:
        resume_provider(pk)
    return [f"{name}: {reason}" for _, name, reason in paused]


def wait_until_quiet(sandbox: SandboxControl, seconds: float) -> list[str]:
    """Wait for the end of everything, so many seconds at most; returns what is open even then."""
    deadline = time.monotonic() + seconds
    taken = {row["authority"] for row in sandbox.list_payments() if row["paid"]}
    while True:
        let_time_pass()
        left = list(list_open(taken))
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(LOOK_SECONDS)


def let_time_pass() -> None:
    """The pauses between runs of drip-feeds are over: nobody waits minutes for a run's end."""
    past = timezone.now() - timedelta(seconds=1)
    waiting = DripFeed.objects.filter(next_run_at__gt=past, next_look_at__isnull=False)
    waiting.update(next_run_at=past, next_look_at=past)


def list_open(taken: set[str]) -> Iterator[str]:
    """A line for everything that has not come to its end; `taken` are the payments that the bank took."""
    left = Dispatch.objects.filter(state="unclear", provider__honours_idempotency_key=False)
    orders = Order.objects.filter(settled_at=None).exclude(pk__in=left.values("order"))
    for row in orders.order_by("id").values("id", "status", "forwarding", "tries", "reason")[:SHOWN]:
        yield f"order {row['id']}: {row['status']}, {row['forwarding']}, {row['tries']} tries, {row['reason']}"
    for model in (OrderEvent, WalletEvent, ProviderEvent):
        unhandled = model.objects.filter(handled_at=None, set_aside_at=None).count()
        if unhandled:
            yield f"{unhandled} {model._meta.verbose_name_plural} that nobody handled"
    for row in Message.objects.filter(state__in=("queued", "sending")).values(
        "id", "state", "tries", "error"
    )[:SHOWN]:
        yield f"message {row['id']}: {row['state']}, {row['tries']} tries, {row['error']}"
    for row in Payment.objects.filter(authority__in=taken).exclude(state__in=("paid", "mismatch"))[:SHOWN]:
        yield f"payment {row.pk}: {row.state}, asked {row.asks} times, {row.reason}"
    for pk in Campaign.objects.filter(rest_due=True).values_list("pk", flat=True)[:SHOWN]:
        yield f"campaign {pk}: its rest was not given back"
    for row in BundlePurchase.objects.filter(state="pending")[:SHOWN]:
        yield f"bundle {row.pk}: asked {row.asks} times, {row.reason}"
