"""What is asked of the database for each scrape: bounded counts and first rows by partial indexes, in one statement.

It costs the same with a thousand orders and with millions; tests/panel/metrics/ looks at the plans.
"""

from django.db.models.functions import Now

from orders.models import Order, OrderDay, OrderEvent, ServiceEvent
from panel.admin_site.one_statement import ask_together, count_capped, find_first
from panel.admin_site.work_list import count_work
from panel.jobs.models import Job
from panel.wallet.models import LedgerAudit, Payment, WalletEvent
from providers.models import Dispatch, ProviderEvent
from sms.models import Message

MOST = 100_000  # counts stop there
_WEBHOOKS = """
SELECT min(due) FROM (
    SELECT (SELECT next_try_at FROM orders_webhookdelivery delivery
        WHERE delivery.endpoint_id = endpoint.id AND state = 'pending' ORDER BY next_try_at LIMIT 1) AS due
    FROM orders_webhookendpoint endpoint
) first
"""
# What fetches PostgreSQL's log for the backup holds a slot: one that nobody reads, or that was left behind for good.
_SLOTS = "SELECT count(*) FROM pg_replication_slots WHERE NOT active OR wal_status IN ('unreserved', 'lost')"
_BEHIND = """
SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)::bigint FROM pg_replication_slots
"""
_NOW = "SELECT now()"


def _list_queues():
    """`{queue: the question since when its first entry is due}`."""
    queued = Message.objects.filter(state=Message.State.QUEUED).order_by("next_try_at")
    events = {
        "order_events": OrderEvent,
        "service_events": ServiceEvent,
        "wallet_events": WalletEvent,
        "provider_events": ProviderEvent,
    }
    due = Order.objects.filter(next_try_at__lte=Now()).order_by("next_try_at")
    asked = Payment.objects.filter(next_ask_at__isnull=False).order_by("next_ask_at")
    return {
        "orders": find_first(due, "next_try_at"),
        "polls": _find_first_poll(),
        **{
            name: find_first(
                model.objects.filter(handled_at=None, set_aside_at=None).order_by("id"), "created"
            )
            for name, model in events.items()
        },
        **{
            f"sms_{priority.name.lower()}": find_first(queued.filter(priority=priority), "next_try_at")
            for priority in Message.Priority
        },
        "webhooks": (_WEBHOOKS, ()),
        "jobs": find_first(Job.objects.filter(state=Job.State.QUEUED).order_by("created"), "created"),
        "payments": find_first(asked, "next_ask_at"),
    }


def _find_first_poll():
    """Of each provider, since its index begins with that: they are few."""
    return (
        """SELECT min(due) FROM (
            SELECT (SELECT next_poll_at FROM providers_dispatch dispatch
                WHERE dispatch.provider_id = provider.id AND next_poll_at IS NOT NULL
                ORDER BY next_poll_at LIMIT 1) AS due
            FROM providers_provider provider
        ) first""",
        (),
    )


def _list_counts():
    """`{(metric, state): the question how many}`."""
    dispatches, messages = Dispatch.objects, Message.objects
    orders = {
        "queued": Order.objects.filter(next_try_at__isnull=False),
        "sending": dispatches.filter(state=Dispatch.State.SENDING),
        "unclear": dispatches.filter(state=Dispatch.State.UNCLEAR),
        "at_provider": dispatches.filter(next_poll_at__isnull=False),
    }
    texts = {state.value: messages.filter(state=state) for state in _COUNTED_TEXTS}
    return {
        **{("orders", state): count_capped(rows, MOST) for state, rows in orders.items()},
        **{("sms", state): count_capped(rows, MOST) for state, rows in texts.items()},
    }


# Those that a partial index finds; what was sent is counted where it is handed over.
_COUNTED_TEXTS = (Message.State.QUEUED, Message.State.SENDING, Message.State.UNCLEAR, Message.State.FAILED)


def ask_database():
    """`(now, {queue: since}, {(metric, state): number}, {work list: number}, {moment: when}, {figure: number})`."""
    queues, counts, work = _list_queues(), _list_counts(), count_work()
    moments = {
        "figures": find_first(OrderDay.objects.order_by("-day"), "measured_at"),
        "audit": find_first(LedgerAudit.objects.order_by("-id"), "ended_at"),
    }
    slots = {"slots": (_SLOTS, ()), "behind": (_BEHIND, ())}
    groups = (queues, counts, work, moments, slots)
    questions = [question for group in groups for question in group.values()]
    now, *answers = ask_together([(_NOW, ()), *questions])
    answers = iter(answers)
    return now, *({name: next(answers) for name in group} for group in groups)
