"""Who calls an API: the token as it came, and where from. What it may do is decided by the statements that use it."""

from dataclasses import dataclass

from panel.accounts.models import ApiToken

NOWHERE = "0.0.0.0"  # noqa: S104 - an address no network names, for servers on a local socket


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token's digest, the contract and use it has to be of, and the caller's address (text)."""

    digest: bytes
    contract: str
    address: str = NOWHERE
    use: str = str(ApiToken.Use.KEY)

    @property
    def identity(self):
        """The first four parameters of every statement with placing_sql.KEY_HOLDER."""
        return (self.digest, self.contract, self.use, self.address or NOWHERE)
