"""Sending the outbox: each message at most once, through the first gateway that takes it.

Claimed and committed before any HTTP, like orders: a message whose sender died, or whose answer is unclear, is not
repeated by itself. HTTP runs in pool threads without the ORM; this thread claims and records.
"""

import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from panel.lib.tracing import carry
from panel.wallet.ledger import LedgerError
from sms.claiming import LEASE_SECONDS, claim_codes, claim_messages, settle_orphans
from sms.gateway.errors import Refused, Unclear
from sms.handover import Outcome, hand_over
from sms.parcels import CALL_SIZE, pack_messages
from sms.recording import record_outcomes
from sms.routes import load_routes, pause_gateway

log = logging.getLogger(__name__)
CODE_THREADS = 2  # for codes alone, however slow the calls with other messages are
CODES_AT_ONCE = 20
IDLE_SECONDS = 0.2
UNREADABLE = "it can't be read: its key is no longer among FIELD_KEYS"
RUN_SECONDS = 50  # then the task ends and the next wake-up goes on: a deploy never waits long


def send_messages():
    """Send what is queued and due; returns how many messages were tried. Without a gateway nothing is."""
    settle_orphans()
    routes = load_routes()
    if not routes:
        return 0
    with ExitStack() as stack:
        pools = [
            stack.enter_context(ThreadPoolExecutor(size, thread_name_prefix="sms"))
            for size in (CODE_THREADS, settings.SMS_POOL_SIZE)
        ]
        return _Run(routes, *pools).work()


class _Run:
    """One run of the sender: what is on its way, by future."""

    def __init__(self, routes, code_pool, pool):
        self._routes = routes
        self._code_pool = code_pool
        self._pool = pool
        self._flying = {}  # future: parcel
        self._bulk = 0  # of them in the pool that codes don't use
        self._kept, self._troubles = [], []  # what gateways answered, until it is recorded
        self._away_since = None  # when the database was found away (monotonic clock)
        self._ends = monotonic() + RUN_SECONDS

    def work(self):
        """Claim, send and record until nothing is due or no gateway is free; returns how many were tried."""
        tried = 0
        while True:
            claimed = self._claim() if self._may_claim() else 0
            if not self._flying and not self._kept:
                return tried
            if self._kept:
                sleep(IDLE_SECONDS)
            elif not claimed:
                wait(self._flying, timeout=IDLE_SECONDS, return_when=FIRST_COMPLETED)
            tried += self._read_answers()
            self._record()

    def _may_claim(self):
        # Slow calls may go on long after the end, and no other run begins in this process: codes don't wait for them.
        open_still = self._bulk or monotonic() < self._ends
        return open_still and not self._kept and any(not route.rests for route in self._routes)

    def _claim(self):
        """Submit what is due, so much that no thread waits for the next claim; returns how many messages."""
        try:
            codes = claim_codes(CODES_AT_ONCE)
            for code in codes:
                self._submit(self._code_pool, [code])
            size = settings.SMS_POOL_SIZE
            more = self._bulk <= size and monotonic() < self._ends
            rows = claim_messages(size * CALL_SIZE) if more else []
            self._bulk += self._submit(self._pool, rows)
        except DatabaseError:
            if not self._flying:
                raise
            log.exception("nothing was claimed: answers are recorded first")
            return 0
        return len(codes) + len(rows)

    def _submit(self, pool, messages):
        """Put messages on their way; returns in how many calls. What can't be read has failed."""
        parcels, unreadable = pack_messages(messages)
        for parcel in parcels:
            self._flying[pool.submit(carry(hand_over, parcel, self._routes))] = pool, parcel
        self._kept += [Outcome(message, Refused(UNREADABLE)) for message in unreadable]
        return len(parcels)

    def _read_answers(self):
        """Keep what the calls that ended were answered; returns how many messages they held."""
        tried = 0
        for future in [future for future in self._flying if future.done()]:
            pool, parcel = self._flying.pop(future)
            self._bulk -= pool is self._pool
            outcomes, troubles = _read(future, parcel)
            self._kept += outcomes
            self._troubles += troubles
            tried += len(outcomes)
        return tried

    def _record(self):
        """Record what is kept. While the database is away it stays, for a lease: lost it would be unclear."""
        try:
            if self._kept:
                _record_all(self._kept)
            self._kept = []
            for trouble in self._troubles:
                if trouble.route.gateway_id is not None:
                    pause_gateway(trouble.route.gateway_id, trouble.reason)
        except _DatabaseAway:
            self._away_since = self._away_since or monotonic()
            if monotonic() < self._away_since + LEASE_SECONDS:
                log.warning("%s outcomes are kept until the database is back", len(self._kept))
                return
            log.error("%s outcomes were not recorded: they will be unclear", len(self._kept))
        self._kept, self._troubles, self._away_since = [], [], None


class _DatabaseAway(Exception):
    """There is no connection to be had."""


def _record_all(outcomes):
    """Record outcomes; one that can't be must not leave the others unclear, which surely are out or surely not.

    Raises _DatabaseAway, and may be called again with the same.
    """
    try:
        record_outcomes(outcomes)
    except (DatabaseError, InterfaceError, LedgerError) as error:
        connection.close_if_unusable_or_obsolete()
        if connection.connection is None:
            raise _DatabaseAway from error
        log.exception("%s outcomes were not recorded together: each for itself now", len(outcomes))
        for outcome in outcomes:
            _record_one(outcome)


def _record_one(outcome):
    try:
        record_outcomes([outcome])
    except (DatabaseError, LedgerError):
        log.exception("the outcome of message %s was not recorded: it will be unclear", outcome.message.id)


def _read(future, parcel):
    """`(Outcomes, Troubles)`; a fault of ours leaves it open whether the messages are out."""
    error = future.exception()
    if error is None:
        return future.result()
    log.error("a call of the SMS gateway broke", exc_info=error)
    return [Outcome(message, Unclear("the call broke")) for message in parcel.messages], []
