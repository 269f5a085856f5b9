"""Everything one running sandbox holds: its store, its speeds, the faults set for it and what needs no store."""

import time
from dataclasses import dataclass, field, replace

from providers.sandbox.bank_sessions import BankSessions
from providers.sandbox.faults import FaultQueue
from providers.sandbox.instagram_logins import LoginCodes
from providers.sandbox.post_lists import PostLists
from providers.sandbox.sms_patterns import PatternBook
from providers.sandbox.store import Store

DEFAULT_PACE = 6.0
TOKEN_SECONDS = 3600.0


@dataclass(slots=True)
class Speeds:
    """Seconds: `pace` from add to the end, `latency` before each answer of a dialect, `token_seconds` a
    token of happy-follower lives, `sms_ahead` that the SMS gateways' clock is ahead of this machine's, and `ahead`
    the same of the clock by which orders and tokens grow old."""

    pace: float = DEFAULT_PACE
    latency: float = 0.0
    token_seconds: float = TOKEN_SECONDS
    sms_ahead: float = 0.0
    ahead: float = 0.0


@dataclass(slots=True)
class State:
    """`speeds` can change at run time; `first_speeds` are the ones `reset_state` goes back to."""

    store: Store
    first_speeds: Speeds
    speeds: Speeds = field(init=False)
    faults: FaultQueue = field(default_factory=FaultQueue)
    bank: BankSessions = field(default_factory=BankSessions)
    logins: LoginCodes = field(default_factory=LoginCodes)
    posts: PostLists = field(default_factory=PostLists)
    patterns: PatternBook = field(default_factory=PatternBook)

    def __post_init__(self) -> None:
        self.restore_speeds()

    def restore_speeds(self) -> None:
        """Go back to the speeds the sandbox was started with."""
        self.speeds = replace(self.first_speeds)

    def tell_time(self) -> float:
        """The upstreams' time, unix seconds."""
        return time.time() + self.speeds.ahead

    def tell_sms_time(self) -> float:
        """The SMS gateways' time, unix seconds."""
        return time.time() + self.speeds.sms_ahead


def reset_state(state: State) -> None:
    """Forget every order, message, session, payment, login, person, purchase, post, pattern, phonebook, user,
    counter, balance and fault, and restore the first speeds.

    Ids go on from where they were, so that an id of before never names something new.
    """
    state.store.clear()
    state.faults.clear()
    state.bank.clear()
    state.logins.clear()
    state.posts.clear()
    state.patterns.clear()
    state.restore_speeds()
