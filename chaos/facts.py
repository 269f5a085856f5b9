"""Everything the judge wants to know, read once all is quiet: what customers noted, the panel's rows, the neighbours'
books. Plain values that JSON can hold, so that a run can be judged again.
"""

import io
from collections.abc import Iterable
from typing import Any

from django.core.management import CommandError, call_command
from django.db.models import F, Min

from campaigns.models import BundlePurchase, Campaign, Like
from chaos.blows import Blow
from chaos.record import Facts, Record
from chaos.sandbox_control import SandboxControl
from orders.models import DripFeed, Order, OrderEvent
from panel.wallet.models import Account, Transfer, WalletEvent
from panel.wallet.payments.models import Payment
from providers.models import Dispatch, ProviderEvent
from sms.models import Message, Send


def collect(record: Record, sandbox: SandboxControl, open_rows: list[str]) -> Facts:
    """The Facts of a run; `open_rows` is what had not come to its end by the deadline."""
    return {
        "wishes": record.describe(),
        "open": open_rows,
        "orders": list(_list_orders()),
        "dispatches": list(
            Dispatch.objects.order_by("id").values(
                "order",
                "state",
                "upstream_id",
                "reason",
                "resolved_by",
                upstream=F("provider__name"),
                honours=F("provider__honours_idempotency_key"),
            )
        ),
        "upstream": sandbox.list_orders(),
        "transfers": list(
            Transfer.objects.order_by("id").values("debit", "credit", "amount", "kind", "key", "reference")
        ),
        "accounts": list(
            Account.objects.exclude(owner=None).values("id", "owner", "currency", "kind", "balance")
        ),
        "campaigns": list(
            Campaign.objects.values("id", "owner", "target_code", "budget", "account", "state", "rest_due")
        ),
        "likes": list(Like.objects.values("id", "campaign", "customer")),
        "bundles": [
            {"token": row.token, "customer": row.customer_id, "state": row.state}
            for row in BundlePurchase.objects.all()
        ],
        "payments": list(Payment.objects.values("id", "customer", "amount", "authority", "state")),
        "bank": sandbox.list_payments(),
        "sends": [
            {"id": row.pk, "customer": row.customer_id, "text": row.text, "recipients": row.recipients}
            for row in Send.objects.all()
        ],
        "messages": list(_list_messages()),
        "arrived": sandbox.list_texts(),
        "set_aside": _list_set_aside(),
        "audit": _audit(),
    }


def measure_recovery(blows: Iterable[Blow]) -> list[dict[str, Any]]:
    """For each blow: the seconds from its end until an order placed after it was taken upstream, or None."""
    measured = []
    for blow in blows:
        taken = Dispatch.objects.filter(state="accepted", order__created__gt=blow.over)
        first = taken.aggregate(first=Min("answered_at"))["first"]
        seconds = None if first is None else max((first - blow.over).total_seconds(), 0.0)
        measured.append({"kind": blow.kind, "what": blow.what, "seconds": seconds})
    return measured


def _list_orders() -> Iterable[dict[str, Any]]:
    columns = (
        "id",
        "customer",
        "service",
        "channel",
        "link",
        "quantity",
        "charge",
        "refunded",
        "parent",
        "status",
    )
    drips = dict(DripFeed.objects.values_list("pk", "quantity"))
    for row in Order.objects.order_by("id").values(*columns, "forwarding", "reason"):
        yield row | {"run_quantity": drips.get(row["id"])}


def _list_messages() -> Iterable[dict[str, Any]]:
    for row in Message.objects.select_related("send").order_by("id"):
        yield {
            "id": row.pk,
            "to": row.to,
            "text": row.text or (row.send.text if row.send else ""),
            "state": row.state,
            "send": row.send_id,
            "kind": row.kind,
            "error": row.error,
        }


def _list_set_aside() -> list[str]:
    models = (OrderEvent, WalletEvent, ProviderEvent)
    return [str(row) for model in models for row in model.objects.filter(set_aside_at__isnull=False)]


def _audit() -> list[str]:
    """What `audit_ledger` has against the books."""
    told = io.StringIO()
    try:
        call_command("audit_ledger", stdout=told)
    except CommandError as error:
        return [str(error), *(line for line in told.getvalue().splitlines() if line.startswith("  "))]
    return []
