"""Placing an order as its fate wants it: the part that all dialects share."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from providers.sandbox.fates import FAULTS_BEFORE, PLAIN, REFUSALS, SLOW_SECONDS, fault_after, read_fate
from providers.sandbox.faults import spoil_answer
from providers.sandbox.orders import Draft, KeyReusedError, NotEnoughFundsError, count_target_add, make_order
from providers.sandbox.state import State
from providers.sandbox.wire import Answer


def place_order(
    state: State,
    draft: Draft,
    refusals: Mapping[str, Answer],
    describe: Callable[[int, str], Answer],
    now: float,
) -> Answer:
    """Read the fate from the draft's target, make the order at `now` (unix seconds) and play the fate.

    `refusals` are the dialect's answers by `refuse`, `badkey`, `nofunds`, `busy` and, where it takes
    idempotency keys, `keyreused`. `describe(id, fate)` answers for a made order; a repeated idempotency key
    is answered with its order at once, whatever its fate.
    """
    fate = read_fate(draft.target, count_target_add(state.store, draft.target))
    if fate in REFUSALS:
        return refusals[fate]
    if fate in FAULTS_BEFORE:
        return spoil_answer(FAULTS_BEFORE[fate], refusals["busy"])
    try:
        order_id, is_new = make_order(state.store, replace(draft, fate=fate), now)
    except NotEnoughFundsError:
        return refusals["nofunds"]
    except KeyReusedError:
        return refusals["keyreused"]
    return _play_fate(fate, order_id, describe(order_id, fate)) if is_new else describe(order_id, PLAIN)


def _play_fate(fate: str, order_id: int, answer: Answer) -> Answer:
    if fate == "slow":
        return replace(answer, delay=SLOW_SECONDS)
    fault = fault_after(fate, order_id)
    return spoil_answer(fault, answer) if fault else answer
