"""What goes wrong at the gateway, told apart twice: by family of codes, and by whether a message may be out.

The second decides what an outbox does: `Refused` is final, `NotSent` may be tried again later, `Unclear` is
never repeated by itself.
"""

from sms.gateway.codes import OtherState, PhonebookState, RegisterState, ReportState, SendState, UserState


class GatewayError(Exception):
    """`code` is a member of the code tables or None; `reason` and `excerpt` hold no secret."""

    def __init__(self, reason, excerpt="", code=None, retry_after_seconds=None):
        super().__init__(reason)
        self.reason = reason
        self.excerpt = excerpt
        self.code = code
        self.retry_after_seconds = retry_after_seconds


class Refused(GatewayError):
    """Surely not sent, and will not be."""


class NotSent(GatewayError):
    """Surely not sent: the gateway was not reached or took no calls (HTTP 429). May be tried later."""


class Unclear(GatewayError):
    """May have been sent."""


class AccountError(Refused):
    """Codes 1–6 and 10–17, and HTTP 401 and 403: our account or the one to be made."""


class SendingError(GatewayError):
    """Codes 21–29."""


class SendingRefused(SendingError, Refused):
    """Codes 21–29 without 27: the message was turned down."""


class SendingUnclear(SendingError, Unclear):
    """Code 27, "unknown error while handing over to the operator": it says nothing of whether it went out."""


class ReportError(Refused):
    """Codes 30–32."""


class PhonebookError(Refused):
    """Codes 40–43."""


class ServerError(Unclear):
    """Codes 1000 and 2000, and HTTP 5xx: the gateway failed at some point on its way."""


FAMILIES = {
    UserState: AccountError,
    RegisterState: AccountError,
    SendState: SendingRefused,
    ReportState: ReportError,
    PhonebookState: PhonebookError,
    OtherState: ServerError,
}


def choose_error(code):
    """The exception class for a member of the code tables."""
    return SendingUnclear if code is SendState.OPERATOR_ERROR else FAMILIES[type(code)]
