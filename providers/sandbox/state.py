"""Everything one running sandbox holds: its store, its speeds and the faults set for it."""

from dataclasses import dataclass, field

from providers.sandbox.faults import FaultQueue
from providers.sandbox.store import Store

DEFAULT_PACE = 6.0


@dataclass(slots=True)
class Speeds:
    """`pace`: seconds from add to the end. `latency`: seconds before each answer of a dialect."""

    pace: float = DEFAULT_PACE
    latency: float = 0.0


@dataclass(slots=True)
class State:
    """`speeds` can change at run time; `first_speeds` are the ones `reset_state` goes back to."""

    store: Store
    first_speeds: Speeds
    speeds: Speeds = field(init=False)
    faults: FaultQueue = field(default_factory=FaultQueue)

    def __post_init__(self) -> None:
        self.restore_speeds()

    def restore_speeds(self) -> None:
        """Go back to the pace and latency the sandbox was started with."""
        self.speeds = Speeds(self.first_speeds.pace, self.first_speeds.latency)


def reset_state(state: State) -> None:
    """Forget every order, message, counter, balance and fault, and restore the first speeds.

    Ids go on from where they were, so that an id of before never names something new.
    """
    state.store.clear()
    state.faults.clear()
    state.restore_speeds()
