"""What every provider of pictures is translated to: does the picture exist, did this account like it.

No ORM, no settings. No error holds a token.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Picture:
    """A target as the provider shows it; `image_url` is where its picture can be fetched, or empty."""

    id: str
    image_url: str


class VerifierError(Exception):
    """No answer to what was asked; `reason` is one plain line without any secret."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class TokenRefused(VerifierError):
    """The provider does not take the person's access token (any more)."""


class TargetGone(VerifierError):
    """The provider surely says that there is no such picture (any more)."""


class VerifierUnclear(VerifierError):
    """No answer, or none that can be understood: nothing is known, and nothing may be paid or taken."""


class LikeVerifier(ABC):
    """One provider. Each call is one question with its own deadline."""

    name: ClassVar[str]

    @abstractmethod
    def find_picture(self, code: str) -> Picture:
        """The picture of this code, asked with our own token. Raises TargetGone, VerifierUnclear."""

    @abstractmethod
    def check_own_like(self, code: str, access_token: str) -> bool:
        """Whether the account behind `access_token` likes the picture.

        Raises TokenRefused, TargetGone, VerifierUnclear.
        """

    @abstractmethod
    def check_like_of(self, code: str, uid: str) -> bool:
        """Whether the account `uid` likes the picture, asked with our own token.

        Raises TargetGone, VerifierUnclear.
        """
