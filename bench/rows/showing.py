"""The next campaign: as quick with a hundred thousand as with a hundred, and no campaign is forgotten."""

import contextlib
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import connection, connections

from bench.databases import PANEL, PANEL_FULL
from bench.exchange import make_campaigns, make_liker_token, make_people
from bench.fill_exchange_once import PATH
from bench.load import Check, build_call
from bench.results import BenchError, Result
from bench.run import Bench, Measure, take_pairs
from bench.servers import ROOT
from campaigns.liking import pay_verified
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.showing import find_next

FEW, MANY, LIKED = 100, 100_000, 10_000
LIMIT = 3
USERS, CAMPAIGNS, ROUNDS = 1_000, 500, 3
AT_ONCE = 4
LIKING = 0.7  # of what people are shown; the rest they skip
ADDRESS = "203.0.113.5"
_SHOWN = re.compile(rb'\{"campaign": ?\{"id": ?(\d+),')


def measure_next(bench: Bench) -> Iterator[Result]:
    """Time of `next` with 100,000 campaigns, 10,000 of them liked, ÷ with 100, none liked; two web processes."""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(bench.fresh_database(name)) for name in (PANEL, PANEL_FULL)]
        few, many = _fill(bench, urls[0], FEW, 0), _fill(bench, urls[1], MANY, LIKED)
        ports = [stack.enter_context(bench.web(url)) for url in urls]
        base = _prepare(bench, ports[0], urls[0], few["head"])
        for name, where in (("head", "at the head of the line"), ("scattered", "anywhere")):
            pairs = take_pairs(base, _prepare(bench, ports[1], urls[1], many[name]))
            what = f"time of next with {MANY:,} campaigns, {LIKED:,} {where} liked ÷ with {FEW}"
            note = pairs.describe("calls/s with few", "with many")
            facts = pairs.facts | many[name]
            yield Result("next", what, pairs.ratio, LIMIT, at_most=True, unit=" ×", note=note, facts=facts)
    yield from _judge_statement(many)


def measure_fairness(bench: Bench) -> Iterator[Result]:
    """1,000 people go through 500 campaigns for 3 rounds, liking some and skipping others."""
    with bench.fresh_database():
        people = make_people(USERS)
        campaigns = make_campaigns(people[0], CAMPAIGNS)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        shown = Counter(dict.fromkeys(campaigns, 0))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            crowds = [people[place::AT_ONCE] for place in range(AT_ONCE)]
            for seen in pool.map(_go_round, crowds, range(AT_ONCE)):
                shown.update(seen)
    never = sum(1 for times in shown.values() if not times)
    most, least = max(shown.values()), min(shown.values())
    note = f"{shown.total():,} times shown: the least shown campaign {least} times, the most shown {most}"
    what = f"campaigns of {CAMPAIGNS} never shown to {USERS:,} people in {ROUNDS} rounds"
    facts = {"shown": shown.total(), "least": least, "most": most}
    yield Result("fair", what, never, 0, at_most=True, note=note, facts=facts)


def _fill(bench: Bench, url: str, count: int, liked: int) -> dict:
    """Fill that database in a process of its own; returns what it says of one `next`."""
    command = [sys.executable, "-m", "bench.fill_exchange_once", str(count), str(liked)]
    environment = bench.environment | {"DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"filling failed: {done.stderr.strip()[-300:]}")
    return json.loads(done.stdout)


def _prepare(bench: Bench, port: int, url: str, facts: dict) -> Measure:
    request = build_call(port, f"GET {PATH}", {"Authorization": make_liker_token(facts["customer"])})
    is_undone = _check_undone(url, facts["customer"])
    bench.warm_up(port, lambda: request, is_undone)
    return lambda: bench.load(port, lambda: request, is_undone).rate


def _check_undone(url: str, customer_id: int) -> Check:
    """Whether an answer shows a campaign that the customer has not liked yet."""
    with psycopg.connect(url) as link:
        rows = link.execute("SELECT campaign_id FROM campaigns_like WHERE customer_id = %s", [customer_id])
        liked = {pk for (pk,) in rows}

    def check(status: int, buffer: bytearray, start: int, end: int) -> bool:
        shown = _SHOWN.match(buffer, start, end)
        return status == 200 and shown is not None and int(shown[1]) not in liked

    return check


def _judge_statement(many: dict) -> Iterator[Result]:
    statements = max(facts["statements"] for facts in many.values())
    yield Result("next", "statements of one call beside who calls", statements, 1, at_most=True)
    scans = sorted({table for facts in many.values() for table in facts["scans"]})
    note = ", ".join(f"{name}: {facts['reads']} rows looked at" for name, facts in many.items())
    what = f"tables of {MANY:,} campaigns that its plan reads whole"
    yield Result("next", what, len(scans), 0, at_most=True, note="; ".join([note, *scans]))


def _go_round(people: list[int], seed: int) -> Counter:
    """How often each campaign was shown to these people, who come in another order each round."""
    draw, seen, skipped = random.Random(seed), Counter(), {}
    rows = {row.pk: row for row in Campaign.objects.select_related("campaign_class")}
    try:
        for _round in range(ROUNDS):
            for person in draw.sample(people, len(people)):
                with contextlib.suppress(CampaignRefused):  # the owner of all is shown none
                    shown = find_next(person, skipped.get(person, 0))
                    seen[shown.id] += 1
                    skipped[person] = shown.id
                    if draw.random() < LIKING:
                        pay_verified(person, rows[shown.id], ADDRESS)
    finally:
        connections.close_all()
    return seen
