"""What a customer wants to send, read and checked before any money moves."""

import json
from dataclasses import dataclass, field

from django.conf import settings

from sms.accounts import require_package
from sms.gateway.codes import SendState
from sms.lines import find_line
from sms.models import Pattern, SenderLine
from sms.numbers import read_numbers
from sms.parts import count_parts, has_persian
from sms.patterns import fill_pattern, find_sendable_pattern
from sms.phonebooks import find_book
from sms.refusals import SmsRefused
from sms.routes import has_gateway

MAX_TEXT = 1_500  # characters: about 20 parts with Persian letters


@dataclass(frozen=True, slots=True)
class SendRequest:
    """One text to numbers in any spelling and to a phonebook, each number once.

    With `pattern_id` the text is the pattern's, filled with `values`.
    """

    sender: str
    text: str = ""
    numbers: tuple[str, ...] = ()
    book_id: int | None = None
    flash: bool = False
    pattern_id: int | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A SendRequest that may be sent, with what it will cost; `numbers` are E.164."""

    customer_id: int
    channel: str
    line: SenderLine
    text: str
    parts: int
    part_price: int  # toman for a part to one recipient
    numbers: list[str]
    book_id: int | None
    flash: bool
    pattern: Pattern | None
    values: str  # JSON


def draft_send(customer_id, channel, request):
    """The Draft of a SendRequest. Raises SmsRefused (codes 1–6, 21, 23–25, 27–29, 40).

    Without any gateway nothing is taken (27): it would wait, paid for, without an end.
    """
    package = require_package(customer_id)
    if not has_gateway():
        raise SmsRefused(SendState.OPERATOR_ERROR)
    pattern = (
        find_sendable_pattern(customer_id, request.pattern_id) if request.pattern_id is not None else None
    )
    text = fill_pattern(pattern, request.values) if pattern else request.text
    parts = check_text(text)
    line = find_line(customer_id, request.sender)
    numbers = _read_recipients(request)
    if request.book_id is not None:
        find_book(customer_id, request.book_id)
    elif not numbers:
        raise SmsRefused(SendState.NO_RECIPIENTS)
    return Draft(
        customer_id=customer_id,
        channel=channel,
        line=line,
        text=text,
        parts=parts,
        part_price=price_part(package, text),
        numbers=numbers,
        book_id=request.book_id,
        flash=request.flash,
        pattern=pattern,
        values=json.dumps(request.values, ensure_ascii=False) if pattern else "",
    )


def check_text(text):
    """The parts of a text. Raises SmsRefused: empty (24), or longer than anybody sends (28)."""
    if not text.strip():
        raise SmsRefused(SendState.EMPTY_MESSAGE)
    if len(text) > MAX_TEXT or "\x00" in text:
        raise SmsRefused(SendState.MISMATCH)
    return count_parts(text)


def price_part(package, text):
    """Toman for a part of this text to one recipient."""
    return package.persian_price if has_persian(text) else package.latin_price


def _read_recipients(request):
    if len(request.numbers) > settings.SMS_MAX_NUMBERS:
        raise SmsRefused(SendState.TOO_MANY_RECIPIENTS)
    read = read_numbers(request.numbers)
    if read.bad:
        raise SmsRefused(SendState.MISMATCH, str(read.bad[0])[:32])
    return read.good
