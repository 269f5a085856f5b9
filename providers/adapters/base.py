"""What every upstream dialect is translated to and from: credentials in, values out, no ORM, no settings."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import ClassVar, Protocol

SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where an upstream is and what opens it. `extra` holds what one dialect alone needs."""

    url: str
    key: str
    username: str = ""
    password: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def secrets(self):
        """Every text that must never be stored or shown; short extras are options, and masking them would
        eat every "1" of an answer."""
        extras = (value for value in self.extra.values() if len(value) >= SHORTEST_SECRET)
        return tuple(filter(None, (self.key, self.password, *extras)))

    def __repr__(self):
        return f"Credentials(url={self.url.partition('?')[0]!r}, …)"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Wall-clock seconds of one call: placing and canceling, and reading."""

    write_seconds: float = 30.0
    read_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class OutboundOrder:
    """One order for an upstream: its service there, our service type's name, and the fields of that type.

    `fields` has the field names of the standard contract; `quantity` is None where a list or the service
    gives it. `kind` is our service's (like, view, comment, follower, follower_pro, watch_time, ads) or empty.
    """

    service: str
    type: str
    link: str
    quantity: int | None
    fields: Mapping[str, str]
    idempotency_key: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """The upstream has the order. `charge` is in its own currency where it tells."""

    upstream_id: str
    charge: Decimal | None
    excerpt: str


class Status(Enum):
    """An order's status as upstreams tell it."""

    PENDING = "pending"
    PROCESSING = "processing"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class UpstreamStatus:
    """What an upstream says of one order. What it did not say readably is None and must change nothing.

    `remains` is as told and may be negative. `error` is its refusal to tell about this order.
    """

    upstream_id: str
    status: Status | None
    raw_status: str
    start_count: int | None
    remains: int | None
    charge: Decimal | None
    currency: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class UpstreamService:
    """A row of an upstream's list; `rate` is per 1,000 in its currency. Unreadable numbers are None."""

    id: str
    name: str
    type: str
    category: str
    rate: Decimal | None
    min: int | None
    max: int | None
    refill: bool
    cancel: bool
    dripfeed: bool
    description: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Our money at the upstream; `currency` is empty where it does not tell."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class CancelResult:
    """Whether the upstream took the wish to cancel one order. Money comes back only when polling says so."""

    upstream_id: str
    accepted: bool
    error: str | None


class RefillStatus(Enum):
    """A refill's status as upstreams tell it."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REJECTED = "rejected"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RefillResult:
    """Whether the upstream took the wish to refill one order; `refill_id` is None where it tracks none."""

    upstream_id: str
    accepted: bool
    refill_id: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class UpstreamRefill:
    """What an upstream says of one refill; `status` is None where that was not readable."""

    refill_id: str
    status: RefillStatus | None
    raw_status: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """Tokens that an upstream gave for our key, each good until a moment in unix seconds."""

    token: str
    refresh_token: str
    token_until: float
    refresh_until: float

    @property
    def secrets(self):
        """Texts that must never be shown."""
        return (self.token, self.refresh_token)

    def is_newer(self, other):
        """Whether it was made after `other` (a Session or None)."""
        return other is None or self.token_until > other.token_until

    def __repr__(self):
        return f"Session(token_until={self.token_until}, …)"


class Sessions(Protocol):
    """Keeps the one session that all users of a key share, and lets only one of them renew it."""

    def read(self) -> Session | None:
        """The session as this process knows it."""

    def renew(
        self, stale: Session | None, make: Callable[[Session | None], Session], wait_seconds: float
    ) -> Session:
        """A session newer than `stale`: somebody else's, or `make(the newest known)` while nobody else makes.

        Raises what `make` raises, and Unavailable when somebody else is at it beyond `wait_seconds`.
        """


class AdapterError(Exception):
    """A call without the answer that was asked for; `reason` and `excerpt` hold no secret."""

    def __init__(self, reason, excerpt=""):
        super().__init__(reason)
        self.reason = reason
        self.excerpt = excerpt


class Rejected(AdapterError):
    """A clear refusal: the upstream did not take it and will not."""


class AccountProblem(Rejected):
    """Refused for our account there (key, funds), not for this order: the provider is to be paused."""


class Unavailable(AdapterError):
    """The upstream surely did not get it, or (reading) gave no answer; may be asked again later.

    `retry_after_seconds` is the upstream's own wish or None. `account_problem` is true when reading was
    refused for our account there.
    """

    def __init__(self, reason, excerpt="", *, retry_after_seconds=None, account_problem=False):
        super().__init__(reason, excerpt)
        self.retry_after_seconds = retry_after_seconds
        self.account_problem = account_problem


class Unclear(AdapterError):
    """The upstream may have got it: never sent again by itself."""


class Adapter(ABC):
    """One upstream, spoken to in its dialect. `http` has the `send` of panel.lib.http.HttpClient."""

    dialect: ClassVar[str]
    # What stands for the address of one that is no upstream but a part of this panel; it needs no key either.
    own_address: ClassVar[str] = ""
    status_batch: ClassVar[int]  # the most ids of one call about many
    can_cancel: ClassVar[bool]
    can_refill: ClassVar[bool]
    tracks_refills: ClassVar[bool]  # a refill has an id, and `refill_statuses` tells of it
    lists_prices: ClassVar[bool]  # `services` tells price, bounds and type
    tells_remains: ClassVar[bool]

    def __init__(self, credentials, http, timeouts=None, sessions=None):
        """`sessions` (see Sessions) is used by dialects that exchange the key for tokens."""
        self.credentials = credentials
        self.http = http
        self.timeouts = timeouts or Timeouts()
        self.sessions = sessions

    @abstractmethod
    def place(self, order: OutboundOrder) -> Placed:
        """Places one order, at most once. Raises Rejected, AccountProblem, Unavailable, Unclear."""

    @abstractmethod
    def statuses(self, ids: Sequence[str]) -> dict[str, UpstreamStatus]:
        """What the upstream says of these orders; one it says nothing of is left out.

        Raises Unavailable or Unclear: nothing is known anew. ValueError beyond `status_batch` ids.
        """

    def cancel(self, ids: Sequence[str]) -> dict[str, CancelResult]:
        """Asks to cancel orders; one the answer says nothing of is left out.

        Raises Rejected, AccountProblem, Unavailable, Unclear. ValueError beyond `status_batch` ids.
        """
        return self._reject(ids, "cancel")

    def refill(self, ids: Sequence[str]) -> dict[str, RefillResult]:
        """Asks to refill orders; one the answer says nothing of is left out. Raises as `cancel` does."""
        return self._reject(ids, "refill")

    def refill_statuses(self, refill_ids: Sequence[str]) -> dict[str, UpstreamRefill]:
        """What the upstream says of these refills; one it says nothing of is left out.

        Raises as `statuses` does, and Rejected where the dialect tracks no refills.
        """
        return self._reject(refill_ids, "refill status")

    @abstractmethod
    def services(self) -> list[UpstreamService]:
        """All services on offer to this key. Raises Unavailable or Unclear."""

    @abstractmethod
    def balance(self) -> Balance:
        """Our money there. Raises Unavailable or Unclear."""

    def _reject(self, ids, operation):
        self.check_batch(ids)
        if not ids:
            return {}
        raise Rejected(f"the {self.dialect} dialect has no {operation}")

    def check_batch(self, ids):
        """Raises ValueError when `ids` are more than one call may carry."""
        if len(ids) > self.status_batch:
            raise ValueError(f"at most {self.status_batch} ids a call, not {len(ids)}")
