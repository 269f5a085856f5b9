"""What can go wrong with an outbound call, told apart by one question: can the other side have got it?"""


class HttpError(Exception):
    """A call without a usable answer. `reason` is one plain line and holds no secret."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class NotSent(HttpError):
    """Not one byte of the request left: bad URL, DNS, refused address or connection, TLS handshake."""


class AddressRefused(NotSent):
    """Told beforehand: the name leads to an address that may not be called."""


class MaybeSent(HttpError):
    """Writing the request had begun: what the other side did with it is unknown."""
