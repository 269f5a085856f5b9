"""A text to a hundred thousand numbers: queued at once, sent as fast as the gateway allows, to nobody twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min

from bench.results import BenchError, Result
from bench.rows.forwarding import forget_wakeups
from bench.run import Bench
from bench.servers import ROOT, read_last_words, run_worker
from bench.text_gateway import TextGateway, serve_texts
from panel.accounts.models import Customer
from panel.celery import app
from panel.demo.child import Child
from sms.models import Gateway, Message, Package, Phonebook, SenderLine
from sms.parcels import CALL_SIZE

NUMBERS = 100_000
FEW = 1_000
LATENCY_SECONDS = 0.05
LONGEST_SECONDS = 240
LOOK_SECONDS = 0.5
SENDER = "30001234"
KILL_AFTER = (0.2, 0.5)  # shares of the numbers that got their text when a worker is killed
_FILL = """
INSERT INTO sms_phonebooknumber (book_id, number)
SELECT %s, '+98912' || lpad(n::text, 7, '0') FROM generate_series(1, %s) n
"""


def measure_texting(bench: Bench) -> Iterator[Result]:
    """A text to 100,000 numbers of a phonebook: queued, sent, and nobody's twice with workers killed."""
    with bench.fresh_database():
        few = _queue(bench, *_seed(FEW))
    with bench.fresh_database():
        yield from _judge_queue(_queue(bench, *_seed(NUMBERS)), few)
        with serve_texts(LATENCY_SECONDS) as gateway:
            _open_gateway(gateway)
            with run_worker(bench.environment, bench.folder) as worker:
                forget_wakeups()
                _wait_until_recorded(worker)
            yield _judge_rate(gateway)
    with bench.fresh_database():
        _queue(bench, *_seed(NUMBERS))
        with serve_texts(LATENCY_SECONDS) as gateway:
            _open_gateway(gateway)
            for share in KILL_AFTER:
                _send_and_kill(bench, gateway, share)
            Message.objects.filter(state=Message.State.SENDING).update(claimed_at="2020-01-01T00:00Z")
            with run_worker(bench.environment, bench.folder) as worker:
                _wait_until_recorded(worker)
            yield from _judge_killed(gateway)


def _seed(numbers: int) -> tuple[Customer, Phonebook]:
    Package.objects.create(name="bench", persian_price=100, latin_price=200, is_default=True)
    SenderLine.objects.create(number=SENDER, advertising=False)
    # Without any gateway nothing would be taken; where this one is, is known once it runs.
    Gateway.objects.create(name="bench", kind="rest", url="http://127.0.0.1", token="bench", sender=SENDER)
    customer = Customer.objects.filter(accounts__kind="wallet").order_by("pk").first()
    Customer.objects.filter(pk=customer.pk).update(mobile_verified=True)
    book = Phonebook.objects.create(customer=customer, name=f"{numbers} numbers")
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [book.pk, numbers])
        cursor.execute("VACUUM ANALYZE sms_phonebooknumber")
    return customer, book


def _open_gateway(gateway: TextGateway) -> None:
    Gateway.objects.update(url=gateway.url)


def _queue(bench: Bench, customer: Customer, book: Phonebook) -> dict:
    """What queueing a text to the phonebook took, in a process of its own."""
    command = [sys.executable, "-m", "bench.queue_sms_once", str(customer.pk), SENDER, str(book.pk)]
    done = subprocess.run(
        command, cwd=ROOT, env=bench.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchError(f"queueing failed: {done.stderr.strip()[-300:]}")
    return json.loads(done.stdout)


def _judge_queue(many: dict, few: dict) -> Iterator[Result]:
    if many["queued"] != NUMBERS:
        raise BenchError(f"{many['queued']} messages were queued")
    note = f"{many['statements']} statements, as for {FEW:,} numbers: {few['statements']}"
    what = f"queueing {NUMBERS:,} messages of one phonebook send"
    yield Result("sms", what, many["seconds"], 10, at_most=True, unit=" s", note=note, facts=many)
    yield Result("sms", "memory at its peak while queueing them", many["mb"], 300, at_most=True, unit=" MB")
    more = many["statements"] - few["statements"]
    yield Result("sms", f"statements more than for {FEW:,} numbers", more, 0, at_most=True)


def _judge_rate(gateway: TextGateway) -> Result:
    span = Message.objects.aggregate(first=Min("claimed_at"), last=Max("sent_at"))
    seconds = (span["last"] - span["first"]).total_seconds()
    _check_once(gateway)
    rate, ideal = NUMBERS / seconds, settings.SMS_POOL_SIZE * CALL_SIZE / LATENCY_SECONDS
    note = (
        f"{rate:,.0f} messages/s of {ideal:,.0f}: {settings.SMS_POOL_SIZE} calls at a time,"
        f" {CALL_SIZE} recipients and {LATENCY_SECONDS * 1000:.0f} ms each"
    )
    facts = {
        "messages": NUMBERS,
        "seconds": round(seconds, 2),
        "messages_per_second": round(rate),
        "ideal": ideal,
    }
    what = f"sending {NUMBERS:,} messages ÷ (pool size × recipients ÷ latency)"
    return Result("sms", what, rate / ideal, 0.75, unit=" ×", note=note, facts=facts)


def _judge_killed(gateway: TextGateway) -> Iterator[Result]:
    doubled = sum(1 for times in gateway.texts.values() if times > 1)
    states = dict(Message.objects.values_list("state").annotate(count=Count("*")).order_by())
    known = Message.objects.filter(state__in=["sent", "unclear"]).values_list("to", flat=True)
    unknown = set(gateway.texts) - {"0" + number[3:] for number in known}
    lost = (
        NUMBERS
        - sum(states.values())
        + sum(count for state, count in states.items() if state not in ("sent", "unclear"))
    )
    note = f"{states.get('sent', 0):,} sent, {states.get('unclear', 0):,} left to a person as unclear"
    what = f"numbers that got the text twice, {len(KILL_AFTER)} workers killed with SIGKILL"
    yield Result("sms", what, doubled, 0, at_most=True, note=note, facts=states)
    yield Result("sms", "messages lost in it", lost + len(unknown), 0, at_most=True)


def _check_once(gateway: TextGateway) -> None:
    if len(gateway.texts) != NUMBERS or max(gateway.texts.values()) != 1:
        raise BenchError(
            f"{len(gateway.texts)} numbers got a text, one of them {max(gateway.texts.values())}"
        )


def _send_and_kill(bench: Bench, gateway: TextGateway, share: float) -> None:
    with run_worker(bench.environment, bench.folder) as worker:
        forget_wakeups()
        _wait_until_sent(worker, gateway, share)
        os.killpg(worker.process.pid, signal.SIGKILL)


def _wait_until_sent(worker: Child, gateway: TextGateway, share: float) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while len(gateway.texts) < share * NUMBERS:
        _drive(worker, deadline)
        time.sleep(LOOK_SECONDS)


def _wait_until_recorded(worker: Child) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    open_ones = Message.objects.filter(state__in=["queued", "sending"])
    while open_ones.exists():
        _drive(worker, deadline)
        time.sleep(LOOK_SECONDS)


def _drive(worker: Child, deadline: float) -> None:
    """Wake the worker as beat does; one run at a time is all it does in a process."""
    app.send_task("sms.tasks.send_messages", expires=LOOK_SECONDS)
    if not worker.runs:
        raise BenchError(f"the worker died: {read_last_words(worker)}")
    if time.monotonic() > deadline:
        raise BenchError(f"messages are still waiting: {read_last_words(worker)}")
