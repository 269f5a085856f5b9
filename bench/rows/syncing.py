"""Syncing a list of ten thousand services: how long one pass takes, and how much memory."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.list_server import CATEGORIES, serve_list
from bench.results import BenchError, Result
from bench.run import Bench
from bench.servers import ROOT
from orders.models import Category, Service, ServiceEvent
from providers.models import ImportRule, Provider, Route

SERVICES = 10_000
MOST_SECONDS = 20
MOST_MB = 200
RATES = (1000, 2000)


def measure_syncing(bench: Bench) -> Iterator[Result]:
    """One pass that imports all services, and one in which each costs more and has other bounds."""
    with bench.fresh_database(), serve_list(SERVICES) as upstream:
        provider = _seed(upstream.url)
        passes = []
        for rate in RATES:
            upstream.set_rate(rate)
            passes.append(_sync(bench, provider))
        size = upstream.size
        _check_end()
    seconds, memory = ([one[name] for one in passes] for name in ("seconds", "memory_mb"))
    note = f"importing {seconds[0]:.1f} s, changing all {seconds[1]:.1f} s; a list of {size / 1e6:.1f} MB"
    facts = {"import_seconds": round(seconds[0], 2), "change_seconds": round(seconds[1], 2)}
    what = f"slower of two passes over {SERVICES:,} services"
    yield Result("sync", what, max(seconds), MOST_SECONDS, at_most=True, unit=" s", note=note, facts=facts)
    facts = {"import_mb": round(memory[0], 1), "change_mb": round(memory[1], 1)}
    what = "most memory of the process in those passes"
    yield Result("sync", what, max(memory), MOST_MB, at_most=True, unit=" MB", facts=facts)


def _seed(url: str) -> Provider:
    """A provider of that list, each of whose categories is sold as it comes."""
    provider = Provider.objects.create(name="List", url=url, key="bench-key-of-lists")
    category = Category.objects.create(name="Synced")
    ImportRule.objects.bulk_create(
        ImportRule(
            provider=provider,
            upstream_category=f"Category {number}",
            category=category,
            margin=20,
            step=10,
            import_new=True,
        )
        for number in range(CATEGORIES)
    )
    return provider


def _sync(bench: Bench, provider: Provider) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "bench.sync_once", str(provider.pk)],
        cwd=ROOT,
        env=bench.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"the sync failed: {done.stderr.strip()[-300:]}")
    told = json.loads(done.stdout)
    if told["outcome"] != "done":
        raise BenchError(f"the sync ended as {told['outcome']}: {done.stderr.strip()[-300:]}")
    return told


def _check_end() -> None:
    """Every service is sold at the price and bounds of the last list, each change with its event."""
    sold = Service.objects.filter(routes__provider__name="List", active=True, max=RATES[-1] * 10)
    priced = sold.filter(price__gte=RATES[-1] * 1.2).count()
    routed = Route.objects.filter(provider__name="List", cost__gte=RATES[-1]).count()
    events = ServiceEvent.objects.count()
    if (priced, routed, events) != (SERVICES, SERVICES, SERVICES * 3):
        raise BenchError(
            f"of {SERVICES} services {priced} have their price, {routed} their cost; {events} events"
        )
