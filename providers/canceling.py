"""Passing customers' wishes to cancel on to the upstreams. Money comes back only when polling says so."""

import logging
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders.models import Order, OrderEvent
from panel.lib.tracing import bound_traces
from panel.lib.update_many import update_many
from providers.adapters.base import AccountProblem, AdapterError, Rejected
from providers.models import Dispatch
from providers.pausing import pause_provider
from providers.upstream import Upstream

log = logging.getLogger(__name__)
LEASE_SECONDS = 60 * settings.WAIT_SCALE
BATCH = 100


def send_cancels():
    """Tell the upstreams which accepted orders are to be canceled; returns how many wishes were passed on.

    Asking twice does no harm, so a wish counts as sent only after its answer; a failed call is made again.
    """
    by_provider = defaultdict(list)
    for row in _lease():
        by_provider[row.provider].append(row)
    return sum(_send(provider, rows) for provider, rows in by_provider.items())


def _lease():
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("provider", "order")
            .filter(
                Q(lease_until=None) | Q(lease_until__lt=now),
                state=Dispatch.State.ACCEPTED,
                cancel_sent_at=None,
                order__cancel_requested_at__isnull=False,
                order__settled_at=None,
            )
            .order_by("order_id")[:BATCH]
        )
        until = now + timedelta(seconds=LEASE_SECONDS)
        Dispatch.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=until)
    return rows


def _send(provider, rows):
    upstream = Upstream(provider)
    ids = [row.upstream_id for row in rows]
    told = {}
    for start in range(0, len(ids), upstream.status_batch):
        part = ids[start : start + upstream.status_batch]
        try:
            with bound_traces(row.order.trace for row in rows[start : start + upstream.status_batch]):
                answers = upstream.cancel(part)
            told |= {pk: (result.accepted, result.error) for pk, result in answers.items()}
        except AccountProblem as error:
            # Not the orders' fault: the wishes stay and are passed on when the account is mended.
            pause_provider(provider.pk, error.reason)
        except Rejected as error:
            told |= dict.fromkeys(part, (False, error.reason))
        except AdapterError as error:
            log.warning("canceling at provider %s: %s", provider.pk, error.reason)
    return _record([row for row in rows if row.upstream_id in told], told)


def _record(rows, told):
    now = timezone.now()
    events = []
    for row in rows:
        accepted, error = told[row.upstream_id]
        row.cancel_sent_at, row.lease_until, row.next_poll_at = now, None, now
        kind = "cancel_sent" if accepted else "cancel_refused"
        events.append(
            OrderEvent(order_id=row.order_id, kind=kind, data={} if accepted else {"reason": error})
        )
    with transaction.atomic():
        list(Order.objects.select_for_update().filter(pk__in=[row.order_id for row in rows]).order_by("id"))
        open_rows = set(
            Dispatch.objects.filter(pk__in=[row.pk for row in rows], next_poll_at__isnull=False).values_list(
                "pk", flat=True
            )
        )
        update_many(
            [row for row in rows if row.pk in open_rows], ["cancel_sent_at", "lease_until", "next_poll_at"]
        )
        OrderEvent.objects.bulk_create(events)
    return len(rows)
