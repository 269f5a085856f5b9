"""Handing a parcel to the gateways, in a pool thread: no ORM here.

The next gateway is asked only about messages that the one before surely did not send.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, perf_counter

from panel.lib.measures import SMS_HANDED_OVER
from panel.lib.tracing import bound_traces
from sms.claiming import LEASE_SECONDS, Claimed
from sms.gateway.base import Outgoing, Taken
from sms.gateway.codes import SendState
from sms.gateway.errors import AccountError, GatewayError, NotSent, Refused
from sms.parcels import Way
from sms.routes import CALL_SECONDS, Route

log = logging.getLogger(__name__)
LOGGED_IDS = 5  # of a parcel's messages
# A call that was refused for these may hold one message that was at fault: its halves are tried.
MAY_BE_ONE = {None, SendState.TOO_MANY_RECIPIENTS, SendState.NO_RECIPIENTS, SendState.MISMATCH}

# So long after the claim the last call begins: its answer is there before the message may be taken for an orphan.
LAST_CALL_SECONDS = LEASE_SECONDS - 2 * CALL_SECONDS


@dataclass(frozen=True, slots=True)
class Sent:
    """A gateway took the message."""

    route: Route
    taken: Taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: Sent, or the GatewayError that tells whether it may be out."""

    message: Claimed
    result: Sent | GatewayError


@dataclass(frozen=True, slots=True)
class Trouble:
    """A gateway has something against our account; the messages are not at fault."""

    route: Route
    reason: str


def hand_over(parcel, routes):
    """`(Outcomes of all its messages, Troubles)`. Runs in a pool thread."""
    outcomes, troubles, refused = [], [], {}
    left = list(zip(parcel.messages, parcel.letters, strict=True))
    now = datetime.now(UTC)
    expired = any(message.expires_at is not None and message.expires_at <= now for message in parcel.messages)
    # Half of the lease is left for all the calls it may take.
    if expired or monotonic() - parcel.claimed > LEASE_SECONDS / 2:
        return [Outcome(message, _name_late()) for message, _ in left], []
    for route in _order(routes, parcel):
        if not left:
            break
        results = _ask_and_tell(route, parcel, left)
        troubles += _find_troubles(route, results)
        still = []
        for pair, result in zip(left, results, strict=True):
            if isinstance(result, Refused | NotSent):
                refused[pair[0].id] = _choose_reason(refused.get(pair[0].id), result)
                still.append(pair)
            else:
                sent = Sent(route, result) if isinstance(result, Taken) else result
                outcomes.append(Outcome(pair[0], sent))
        left = still
    none_free = NotSent("no gateway is free")
    outcomes += [Outcome(message, refused.get(message.id, none_free)) for message, _ in left]
    return outcomes, troubles


def _order(routes, parcel):
    """The routes that don't rest, the one that the sender number belongs to first."""
    wanted = parcel.letters[0].gateway_id
    free = [route for route in routes if not route.rests]
    return sorted(free, key=lambda route: wanted is None or route.gateway_id != wanted)


def _name_late():
    return NotSent("it waited too long for a free connection", retry_after_seconds=1)


def _check_time(parcel):
    """Raises NotSent when a call would not end before another worker may take the messages for orphans."""
    if monotonic() - parcel.claimed > LAST_CALL_SECONDS:
        raise _name_late()


def _ask_and_tell(route, parcel, pairs):
    """`_ask`, and a line in the log: neither numbers nor texts."""
    began = perf_counter()
    with bound_traces(message.trace for message, _ in pairs):
        results = _ask(route, parcel, pairs)
        outcomes = Counter(type(result).__name__.lower() for result in results)
        for outcome, number in outcomes.items():
            SMS_HANDED_OVER.count(route.gateway_id or 0, outcome, by=number)
        fields = {
            "gateway": route.gateway_id,
            "way": parcel.way.name.lower(),
            "messages": [message.id for message, _ in pairs][:LOGGED_IDS],
            "outcomes": dict(outcomes),
            "ms": round((perf_counter() - began) * 1000, 1),
        }
        log.info("SMS handed over", extra={"fields": fields})
    return results


def _ask(route, parcel, pairs):
    """One result for each pair: Taken or a GatewayError."""
    letter, way = pairs[0][1], parcel.way
    if way is Way.PATTERN and letter.pattern_gateway_id == route.gateway_id:
        most = route.transport.max_pattern_recipients
        return _ask_at_once(parcel, pairs, most, lambda some: _send_pattern(route, some))
    if len(pairs) > 1 and (way is Way.EACH or route.each_delivery):
        return _ask_each(route, parcel, pairs)
    most = route.transport.max_recipients
    return _ask_at_once(parcel, pairs, most, lambda some: route.transport.send_same(_outgoing(route, some)))


def _ask_at_once(parcel, pairs, most, send):
    """The results of calls with up to `most` messages, which share one answer."""
    if len(pairs) > most:
        first, others = pairs[:most], pairs[most:]
        return _ask_at_once(parcel, first, most, send) + _ask_at_once(parcel, others, most, send)
    try:
        _check_time(parcel)
        return list(send(pairs))
    except Refused as error:
        if len(pairs) == 1 or error.code not in MAY_BE_ONE or isinstance(error, AccountError):
            return [error] * len(pairs)
        return _ask_at_once(parcel, pairs, len(pairs) // 2, send)
    except GatewayError as error:
        return [error] * len(pairs)


def _ask_each(route, parcel, pairs):
    """The results of calls that carry a text for each message."""
    results = []
    for start in range(0, len(pairs), route.transport.max_recipients):
        some = pairs[start : start + route.transport.max_recipients]
        try:
            _check_time(parcel)
            results += route.transport.send_each([_outgoing(route, [pair]) for pair in some])
        except GatewayError as error:
            results += [error] * len(some)
    return results


def _send_pattern(route, pairs):
    letter = pairs[0][1]
    return route.transport.send_pattern(_outgoing(route, pairs), letter.pattern, letter.values)


def _outgoing(route, pairs):
    """One text to these messages' numbers, from the number asked for where the gateway has it."""
    letter = pairs[0][1]
    has_it = letter.sender and letter.gateway_id in (None, route.gateway_id)
    sender = letter.sender if has_it else route.sender
    return Outgoing(sender, tuple(message.to for message, _ in pairs), letter.text, letter.flash)


def _find_troubles(route, results):
    """The Trouble of a gateway that has something against our account. It rests then, and when it is away."""
    for result in results:
        if _is_our_account(result):
            route.rest()
            return [Trouble(route, result.reason)]
        if isinstance(result, NotSent):
            route.rest(result.retry_after_seconds)
    return []


def _is_our_account(result):
    """Whether the gateway refused because of our account there, and not because of the message."""
    return isinstance(result, Refused) and (
        isinstance(result, AccountError) or result.code is SendState.NO_CREDIT
    )


def _choose_reason(known, result):
    """What counts of two gateways' answers: a message that one of them may take later has not failed."""
    if _is_our_account(result):
        result = NotSent(result.reason, result.excerpt, result.code)
    return known if isinstance(known, NotSent) else result
