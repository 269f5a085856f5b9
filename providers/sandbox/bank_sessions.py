"""The payments that the played bank knows, in memory. Amounts are in the currency that they came in."""

import secrets
import string
import threading
from dataclasses import dataclass, field

CARD = "502229******5995"
PAYING = frozenset({"pay", "close", "twice", "mismatch", "nonsense", "slow"})
OUTCOMES = PAYING | {"fail", "cancel"}


@dataclass(slots=True)
class Session:
    """One payment. `outcome` is what the customer chose last, `troubles` the spoilt answers still to come."""

    authority: str
    merchant_id: str
    amount: int
    currency: str
    callback_url: str
    description: str
    outcome: str = ""
    troubles: int = 0
    verified: bool = False
    ref_id: int = field(default_factory=lambda: 10**9 + secrets.randbelow(9 * 10**9))

    @property
    def paid(self) -> bool:
        """Whether money came, the right amount or another."""
        return self.outcome in PAYING

    @property
    def toman(self) -> int:
        """The amount for people."""
        return self.amount if self.currency == "IRT" else self.amount // 10


class BankSessions:
    """All payments of one sandbox, safe to use from many threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def begin(
        self, merchant_id: str, amount: int, currency: str, callback_url: str, description: str
    ) -> Session:
        """A new session under an authority that was never used, in another run of the sandbox neither."""
        letters = string.ascii_lowercase + string.digits
        authority = "S" + "".join(secrets.choice(letters) for _ in range(35))
        session = Session(authority, merchant_id, amount, currency, callback_url, description)
        with self.lock:
            self._sessions[authority] = session
        return session

    def find(self, authority: str) -> Session | None:
        """The session of an authority, or None."""
        with self.lock:
            return self._sessions.get(authority)

    def list(self) -> list[Session]:
        """Every session, the oldest first."""
        with self.lock:
            return [*self._sessions.values()]

    def choose(self, session: Session, outcome: str) -> None:
        """What the customer does. Money that came stays: after it nothing else can be chosen."""
        with self.lock:
            if not session.paid:
                session.outcome = outcome
                session.troubles = int(outcome in ("nonsense", "slow"))

    def clear(self) -> None:
        """Forget every session."""
        with self.lock:
            self._sessions.clear()
