"""Operations that send («وب‌سرویس‌های ارسال پیامک»), each at most once."""

from dataclasses import dataclass
from enum import StrEnum

from panel.lib.dates import TEHRAN
from sms.gateway.errors import GatewayError, Unclear
from sms.gateway.rest.calls import Calls
from sms.gateway.rest.envelope import Result

NORMAL, FLASH = 0, 1


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The gateway took a message under this id."""

    id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One message of `send_many`."""

    from_number: str
    recipients: tuple[str, ...]
    text: str
    flash: bool = False


class RepetitionUnit(StrEnum):
    """What lies between two sendings of a repeated message."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Repetition:
    """A message is sent every `unit`, `times` times in all."""

    unit: RepetitionUnit
    times: int


class SendingOperations(Calls):
    """What sends messages. Recipients are numbers as the gateway writes them (`09123456789`)."""

    def send(self, from_number, recipients, text, *, flash=False):
        """Sends one text to all recipients («ارسال پیامک»): one SentMessage."""
        return self._send(
            "sms/send",
            from_number,
            {"recipients": list(recipients), "message": text, "type": _name_type(flash)},
        )

    def send_later(self, from_number, recipients, text, moment, *, repetition=None):
        """Has one text sent at `moment`, an aware datetime, and again by a Repetition («ارسال پیامک در آینده»).

        The document asks for all keys: a message sent once has empty ones.
        """
        return self._send(
            "sms/future-send",
            from_number,
            {
                "recipients": list(recipients),
                "message": text,
                "sendDate": moment.astimezone(TEHRAN).strftime("%Y-%m-%d %H:%M:%S"),
                "prtrys": str(repetition.unit) if repetition else "",
                "sentPeriod": str(repetition.times) if repetition else "",
            },
        )

    def send_pattern(self, from_number, recipients, pattern_id, values, *, flash=False):
        """Sends a pattern of ours, filled with `values` by name («ارسال پیامک مبتنی بر الگو»)."""
        return self._send(
            "sms/pattern-send",
            from_number,
            {
                "recipients": list(recipients),
                "message": {name: str(value) for name, value in values.items()},
                "patternId": write_id(pattern_id),
                "type": _name_type(flash),
            },
        )

    def send_to_phonebook(self, from_number, book_id, text, *, recipients=(), flash=False):
        """Sends one text to all numbers of a phonebook and to `recipients` («ارسال به دفترچه تلفن»)."""
        return self._send(
            "sms/phonebook-send",
            from_number,
            {
                "recipients": list(recipients),
                "bookId": write_id(book_id),
                "message": text,
                "type": _name_type(flash),
            },
        )

    def send_many(self, drafts):
        """Sends different Drafts in one call («ارسال همزمان چندین پیامک مختلف»).

        Gives back one outcome for each, in their order: its SentMessage, or the GatewayError it would have
        raised alone. Raises for the call as a whole; an answer of another length is Unclear.
        """
        drafts = list(drafts)
        if not drafts:
            return []
        content = {
            "fromArray": [draft.from_number for draft in drafts],
            "recipients": [list(draft.recipients) for draft in drafts],
            "messageArray": [draft.text for draft in drafts],
            "typeArray": [_name_type(draft.flash) for draft in drafts],
        }
        result = self._call("POST", "sms/multiple-send", content)
        if isinstance(result.value, dict):
            result.open()  # a code for the whole call
        if not isinstance(result.value, list) or len(result.value) != len(drafts):
            raise Unclear("the answer does not fit the messages", result.shown)
        return [_read_outcome(Result(row, result.shown)) for row in result.value]

    def _send(self, path, from_number, content):
        return SentMessage(self._call("POST", path, {"from": from_number, **content}).read_id("message"))


def write_id(identifier):
    """An id as the document writes it: a number where it is one."""
    text = str(identifier)
    return int(text) if text.isascii() and text.isdecimal() else text


def _name_type(flash):
    return FLASH if flash else NORMAL


def _read_outcome(result):
    try:
        return SentMessage(result.read_id("message"))
    except GatewayError as error:
        return error
