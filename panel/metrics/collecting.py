"""Turning what is known into Prometheus' families of samples."""

from itertools import accumulate
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from orders.models import OrderDay
from panel.lib.measures import MEASURES
from panel.lib.measuring import MICROSECONDS, SUM, read_added
from panel.metrics.questions import MOST, ask_database
from panel.wallet.models import LedgerAudit, MoneyDay
from providers.models import Provider

DAY_FIELDS = ("placed", "completed", "partial", "canceled", "error")
MONEY_FIELDS = ("sales", "refunds", "deposits")
AGES = {
    "figures": ("panel_sweep_age_seconds", "Since beat and a worker last measured the day's figures."),
    "audit": ("panel_ledger_audit_age_seconds", "Since audit_ledger last came to its end."),
}


class PanelCollector:
    """Reads everything anew for each scrape. What can't be read is missing, and `panel_up` says why."""

    def collect(self):
        """The families."""
        up = GaugeMetricFamily("panel_up", "Whether that part answered this scrape.", labels=["part"])
        for part, read, troubles in (
            ("redis", _collect_added, redis.RedisError),
            ("database", _collect_database, DatabaseError),
        ):
            try:
                families = list(read())
            except troubles:
                families = []
                up.add_metric([part], 0)
            else:
                up.add_metric([part], 1)
            yield from families
        yield from _collect_backup()
        yield up


def _collect_added():
    found = read_added()
    for measure in MEASURES:
        rows = found.get(measure.name, {})
        if measure.bounds:
            family = HistogramMetricFamily(measure.name, measure.help, labels=measure.labels)
            for values, parts in rows.items():
                family.add_metric(values, _add_up_buckets(measure, parts), parts.get(SUM, 0) / MICROSECONDS)
        else:
            family = CounterMetricFamily(measure.name, measure.help, labels=measure.labels)
            for values, parts in rows.items():
                family.add_metric(values, parts[""])
        yield family


def _add_up_buckets(measure, parts):
    numbers = accumulate(parts.get(str(place), 0) for place in range(len(measure.bounds) + 1))
    ends = [*(f"{bound:g}" for bound in measure.bounds), "+Inf"]
    return list(zip(ends, numbers, strict=True))


def _collect_database():
    now, queues, counts, work, moments, slots = ask_database()
    age = GaugeMetricFamily(
        "panel_queue_age_seconds", "How long the first of a queue is overdue; 0: none is.", labels=["queue"]
    )
    for queue, since in queues.items():
        age.add_metric([queue], _find_age(now, since) or 0)
    waiting = GaugeMetricFamily(
        "panel_waiting_for_staff", "Rows of the admin's work lists (counted to 10,000).", labels=["list"]
    )
    for name, number in work.items():
        waiting.add_metric([name], number)
    yield from (age, waiting, *_count_states(counts))
    for name, (metric, words) in AGES.items():
        if moments[name] is not None:
            yield GaugeMetricFamily(metric, words, value=_find_age(now, moments[name]))
    words = "Replication slots (of the backup, of standbys) that nobody reads or that were left behind."
    yield GaugeMetricFamily("panel_slots_troubled", words, value=slots["slots"])
    words = "Bytes of PostgreSQL's log that the slowest replication slot has still to fetch; 0 without slots."
    yield GaugeMetricFamily("panel_slot_behind_bytes", words, value=slots["behind"])
    yield from _collect_days()
    yield from _collect_ledger()
    yield from _collect_providers()


def _find_age(now, since):
    return None if since is None else max((now - since).total_seconds(), 0)


def _count_states(counts):
    families = {
        name: GaugeMetricFamily(f"panel_{name}", f"{words} by state, counted to {MOST:,}.", labels=["state"])
        for name, words in (("orders", "Open orders"), ("sms", "SMS that are not sent"))
    }
    for (name, state), number in counts.items():
        families[name].add_metric([state], number)
    return families.values()


def _collect_days():
    orders = GaugeMetricFamily(
        "panel_orders_today", "Orders placed and ended since midnight in Tehran.", labels=["what"]
    )
    money = GaugeMetricFamily(
        "panel_money_today_toman", "Toman that moved since midnight in Tehran.", labels=["what"]
    )
    held = GaugeMetricFamily("panel_ledger_held", "What customers' wallets hold in all.", labels=["currency"])
    for family, row, fields in (
        (orders, OrderDay.objects.order_by("-day").first(), DAY_FIELDS),
        (money, MoneyDay.objects.order_by("-day").first(), MONEY_FIELDS),
    ):
        for name in fields if row else ():
            family.add_metric([name], getattr(row, name))
    for currency, amount in (_find_held() or {}).items():
        held.add_metric([currency], amount)
    yield from (orders, money, held)


def _find_held():
    """What was measured last: right after midnight the new day has none yet."""
    days = MoneyDay.objects.filter(held__isnull=False).order_by("-day")
    return days.values_list("held", flat=True).first()


def _collect_ledger():
    audit = LedgerAudit.objects.order_by("-id").first()
    if audit is not None:
        words = "Drifts that the last audit_ledger found; the ledger adds up at 0."
        yield GaugeMetricFamily("panel_ledger_drifts", words, value=audit.drifts)


def _collect_providers():
    paused = GaugeMetricFamily("panel_provider_paused", "1 for a provider that pauses.", labels=["provider"])
    balance = GaugeMetricFamily(
        "panel_provider_balance", "Our balance there, in its currency.", labels=["provider"]
    )
    rows = Provider.objects.filter(active=True).values_list("id", "paused_at", "balance")
    for pk, paused_at, amount in rows:
        paused.add_metric([str(pk)], paused_at is not None)
        if amount is not None:
            balance.add_metric([str(pk)], float(amount))
    yield from (paused, balance)


def _collect_backup():
    """The age of the file that a backup touches at its end, where settings.BACKUP_STAMP names one."""
    if not settings.BACKUP_STAMP:
        return
    try:
        ended = Path(settings.BACKUP_STAMP).stat().st_mtime
    except OSError:
        ended = 0  # never: as old as can be
    words = "The moment (seconds since 1970) at which the last backup ended; 0: never."
    yield GaugeMetricFamily("panel_backup_ended_seconds", words, value=ended)
