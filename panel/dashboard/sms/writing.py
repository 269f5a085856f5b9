"""The form that an SMS is written in: read, priced while typing, and checked before it may be sent."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime, time

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from panel.dashboard.sms.notices import describe_refusal
from panel.dashboard.sms.recipients import Typed, count_recipients, read_typed, split_entries
from panel.lib.dates import TEHRAN, clean_number, read_day, read_digits, to_latin_digits
from sms.drafts import Draft, SendRequest, draft_send, price_part
from sms.gateway.codes import PhonebookState, SendState
from sms.models import Pattern, Send
from sms.parts import LATIN_MORE, LATIN_ONE, OTHER_MORE, OTHER_ONE, count_parts, count_units, has_persian
from sms.patterns import fill_pattern, read_variables
from sms.refusals import SmsRefused
from sms.schedules import MAX_AHEAD, MAX_TIMES

CHANNEL = Send.Channel.DASHBOARD
VALUE = "value-"  # before a variable's name in the form
LONGEST = 20_000  # characters of any field that are read; numbers have more room
LONGEST_NUMBERS = 60_000
# Where a refusal of the engine is shown.
PLACES = {
    SendState.TOO_MANY_RECIPIENTS: "numbers",
    SendState.NO_RECIPIENTS: "numbers",
    SendState.WRONG_NUMBER: "sender",
    SendState.EMPTY_MESSAGE: "text",
    SendState.MISMATCH: "text",
    SendState.WRONG_TIME: "day",
    SendState.PATTERN_INACTIVE: "pattern",
    PhonebookState.NOT_FOUND: "book",
}


class WritingRefused(Exception):
    """It can't be sent like that. `errors` are sentences by field; "form" is for what belongs to none."""

    def __init__(self, errors, no_funds=False):
        super().__init__(errors)
        self.errors = errors
        self.no_funds = no_funds


@dataclass(frozen=True, slots=True)
class Writing:
    """What the form says, nothing of it judged yet."""

    sender: str = ""
    numbers: str = ""
    book: str = ""
    pattern: str = ""
    text: str = ""
    flash: str = ""
    day: str = ""
    clock: str = ""
    unit: str = ""
    times: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @property
    def hidden(self):
        """`(name, value)` of every input, for a page that only asks back."""
        plain = [(one.name, getattr(self, one.name)) for one in fields(self) if one.name != "values"]
        return [*plain, *((f"{VALUE}{name}", value) for name, value in self.values.items())]

    @property
    def book_id(self):
        return read_digits(self.book)


@dataclass(frozen=True, slots=True)
class Preview:
    """What is filled in so far: room taken in the text, and toman for what can be counted already."""

    units: int
    parts: int
    persian: bool
    part_price: int
    recipients: int

    @property
    def room(self):
        """How many characters the parts so far have room for."""
        one, more = (OTHER_ONE, OTHER_MORE) if self.persian else (LATIN_ONE, LATIN_MORE)
        return one if self.parts <= 1 else more * self.parts

    @property
    def price(self):
        return self.part_price * self.parts * self.recipients


@dataclass(frozen=True, slots=True)
class When:
    """The first time of a scheduled send, and its repetition."""

    moment: datetime
    jalali: bool
    unit: str
    times: int

    @property
    def unit_label(self):
        return Send.Unit(self.unit).label if self.unit else ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What will be sent if the customer agrees, and for how many toman; `when` is None for now."""

    request: SendRequest
    draft: Draft
    typed: Typed
    recipients: int
    when: When | None

    @property
    def price(self):
        return self.draft.part_price * self.draft.parts * self.recipients


def read_writing(data):
    """The Writing in a QueryDict; NUL, which no browser sends, is left out because PostgreSQL takes none."""

    def read(name, longest=LONGEST):
        return data.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:longest]

    plain = {one.name: read(one.name) for one in fields(Writing) if one.name != "values"}
    values = {name.removeprefix(VALUE): read(name) for name in data if name.startswith(VALUE)}
    return Writing(**plain | {"numbers": read("numbers", LONGEST_NUMBERS), "values": values})


def list_sendable_patterns(customer_id):
    """The customer's approved patterns."""
    return Pattern.objects.filter(customer_id=customer_id, state=Pattern.State.APPROVED).order_by(
        "title", "pk"
    )


def find_pattern(customer_id, writing):
    """The approved Pattern that was chosen, or None."""
    number = read_digits(writing.pattern)
    return None if number is None else list_sendable_patterns(customer_id).filter(pk=number).first()


def preview_writing(customer_id, package, writing, pattern):
    """The Preview of a Writing; what can't be read counts nothing."""
    text = _fill_loosely(pattern, writing.values) if pattern else writing.text
    entries = split_entries(writing.numbers)[: settings.SMS_MAX_NUMBERS]
    return Preview(
        units=count_units(text),
        parts=count_parts(text),
        persian=has_persian(text),
        part_price=price_part(package, text),
        recipients=count_recipients(
            customer_id, writing.book_id, read_typed(entries).numbers, settings.SMS_MAX_RECIPIENTS
        ),
    )


def _fill_loosely(pattern, values):
    """The pattern's text with what is filled in; a variable without a value takes no room yet."""
    try:
        return fill_pattern(pattern, {name: values.get(name, "") for name in read_variables(pattern.body)})
    except SmsRefused:
        return pattern.body


def check_writing(customer_id, writing):
    """The Offer of a Writing. Raises WritingRefused."""
    errors, when, typed = {}, None, Typed([], [], 0)
    try:
        when = _read_when(writing)
    except WritingRefused as refused:
        errors |= refused.errors
    entries = split_entries(writing.numbers)
    if len(entries) > settings.SMS_MAX_NUMBERS:
        errors["numbers"] = describe_refusal(SmsRefused(SendState.TOO_MANY_RECIPIENTS))
    else:
        typed = read_typed(entries)
    request = _make_request(customer_id, writing, typed)
    try:
        draft = draft_send(customer_id, CHANNEL, request)
        recipients = count_recipients(
            customer_id, request.book_id, draft.numbers, settings.SMS_MAX_RECIPIENTS
        )
        _check_count(recipients)
    except SmsRefused as refused:
        errors = _place(refused, pattern=request.pattern_id) | errors
    if errors:
        raise WritingRefused(errors)
    return Offer(request, draft, typed, recipients, when)


def _check_count(recipients):
    if not recipients:
        raise SmsRefused(SendState.NO_RECIPIENTS)
    if recipients > settings.SMS_MAX_RECIPIENTS:
        raise SmsRefused(SendState.TOO_MANY_RECIPIENTS)


def place_refusal(refused, request):
    """The WritingRefused that a refusal of the engine is for the page."""
    return WritingRefused(_place(refused, request.pattern_id), refused.code is SendState.NO_CREDIT)


def _place(refused, pattern):
    """`{field: sentence}`. A pattern has no text of its own to correct."""
    place = PLACES.get(refused.code, "form")
    return {"pattern" if place == "text" and pattern is not None else place: describe_refusal(refused)}


def _make_request(customer_id, writing, typed):
    pattern = find_pattern(customer_id, writing) if writing.pattern else None
    # An id that is none, so that the engine refuses it as it does one that is not approved.
    pattern_id = pattern.pk if pattern else (0 if writing.pattern else None)
    wanted = read_variables(pattern.body) if pattern else ()
    return SendRequest(
        sender=writing.sender,
        text=writing.text,
        numbers=tuple(typed.numbers),
        book_id=(writing.book_id or 0) if writing.book else None,
        flash=bool(writing.flash),
        pattern_id=pattern_id,
        values={name: writing.values[name] for name in wanted if writing.values.get(name, "").strip()},
    )


def _read_when(writing):
    """The When of a Writing, None for now. Raises WritingRefused."""
    if not (writing.day.strip() or writing.clock.strip()):
        if writing.unit:
            raise WritingRefused({"day": _("Write when the first one is to be sent.")})
        return None
    try:
        day = read_day(writing.day)
    except ValueError:
        raise WritingRefused({"day": _("Write the day as in the example.")}) from None
    moment = datetime.combine(day, _read_clock(writing.clock), TEHRAN)
    now = timezone.now()
    if not now < moment <= now + MAX_AHEAD:
        raise WritingRefused({"day": _("Choose a time to come, within two years.")})
    # The calendar that it was typed in is the one whose months it is repeated by.
    return When(moment, str(day.year) not in to_latin_digits(writing.day), *_read_repetition(writing))


def _read_clock(text):
    hour, colon, minute = to_latin_digits(text).strip().partition(":")
    try:
        if not colon:
            raise ValueError(text)
        return time(int(hour), int(minute))
    except ValueError:
        raise WritingRefused({"clock": _("Write the time as hour and minute, as in the example.")}) from None


def _read_repetition(writing):
    if not writing.unit:
        return "", 1
    times = read_digits(clean_number(writing.times))
    if writing.unit not in Send.Unit.values or times is None or not 2 <= times <= MAX_TIMES:
        raise WritingRefused({"times": _("Write how many times in all, from 2 to 1,000.")})
    return writing.unit, times


def describe_input(request, when):
    """All that makes one send what it is, as text: the same again is the same send."""
    return json.dumps(
        [
            request.sender,
            request.text,
            request.numbers,
            request.book_id,
            request.flash,
            request.pattern_id,
            request.values,
            when and [when.moment.isoformat(), when.unit, when.times, when.jalali],
        ]
    )
