"""What every app store is translated to: was this purchase paid, and using it up. No ORM, no settings."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Bought:
    """The store surely has the money; `consumed` where the purchase was used up before."""

    consumed: bool


class StoreError(Exception):
    """`reason` is one plain line for operators without any secret."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class NotBought(StoreError):
    """The store clearly knows no such payment, or gave the money back."""


class StoreUnclear(StoreError):
    """No answer, or none that can be understood: nothing may be credited, and it is asked again."""


class Store(ABC):
    """One store. Both calls may be repeated: they change nothing the second time."""

    name: ClassVar[str]

    @abstractmethod
    def validate(self, sku: str, token: str) -> Bought:
        """Whether the purchase of `sku` under `token` was paid. Raises NotBought, StoreUnclear."""

    @abstractmethod
    def consume(self, token: str) -> None:
        """Use the purchase up, so that the person can buy the same again. Raises NotBought, StoreUnclear."""
