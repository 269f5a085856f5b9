"""Claimed messages put together into calls: one text to many numbers, many texts, or a pattern of a gateway."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from time import monotonic

from panel.lib.secrets import InvalidToken
from sms.claiming import Claimed
from sms.models import Send, Template

CALL_SIZE = 100  # messages of one call at the most; a gateway may take fewer
SAME_FROM = 5  # so many messages of one text make a call of their own; fewer travel with other texts


class Way(Enum):
    """How the messages of a parcel go out."""

    SAME = "one text to many"
    EACH = "a text for each"
    PATTERN = "a pattern of the gateway's"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says and how: shared by all messages of a send."""

    text: str
    sender: str = ""  # empty: the gateway's own
    gateway_id: int | None = None  # asked first
    flash: bool = False
    pattern: str = ""  # at pattern_gateway_id; a plain text anywhere else
    pattern_gateway_id: int | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The messages of one call, with a Letter each (the same one for SAME and PATTERN)."""

    way: Way
    messages: tuple[Claimed, ...]
    letters: tuple[Letter, ...]
    claimed: float  # monotonic clock, in seconds


def pack_messages(messages):
    """`(Parcels of claimed messages, those whose text can't be read)`. Two queries, whatever their number."""
    claimed, parcels, single, unreadable = monotonic(), [], [], []
    letters = _write_letters(messages)
    groups = {}
    for message in messages:
        if letters[message.id] is None:
            unreadable.append(message)
        else:
            groups.setdefault(message.send_id or -message.id, []).append(message)
    for group in groups.values():
        letter = letters[group[0].id]
        if letter.pattern:
            parcels += [_wrap(Way.PATTERN, part, letters, claimed) for part in _cut(group)]
        elif len(group) >= SAME_FROM:
            parcels += [_wrap(Way.SAME, part, letters, claimed) for part in _cut(group)]
        else:
            single += group
    # Those first: news and single messages are few, and people wait for them.
    return [_wrap(Way.EACH, part, letters, claimed) for part in _cut(single)] + parcels, unreadable


def _wrap(way, messages, letters, claimed):
    return Parcel(way, tuple(messages), tuple(letters[message.id] for message in messages), claimed)


def _cut(messages):
    return [messages[start : start + CALL_SIZE] for start in range(0, len(messages), CALL_SIZE)]


def _write_letters(messages):
    """`{message id: Letter}`, None for what can't be decrypted."""
    send_ids = {message.send_id for message in messages if message.send_id}
    sends = _read_sends(send_ids) if send_ids else {}
    template_ids = {message.template_id for message in messages if message.template_id}
    templates = Template.objects.in_bulk(template_ids) if template_ids else {}
    return {
        message.id: sends[message.send_id]
        if message.send_id
        else _letter_of_news(message, templates.get(message.template_id))
        for message in messages
    }


def _read_sends(ids):
    """`{send id: Letter, or None}`; one that can't be decrypted must not stop the others."""
    rows = Send.objects.select_related("pattern")
    try:
        return {send.pk: _letter_of_send(send) for send in rows.filter(pk__in=ids)}
    except InvalidToken:
        return _read_sends_one_by_one(rows, ids)


def _read_sends_one_by_one(rows, ids):
    letters = dict.fromkeys(ids)
    for pk in ids:
        with suppress(InvalidToken):
            letters[pk] = _letter_of_send(rows.get(pk=pk))
    return letters


def _letter_of_send(send):
    pattern = send.pattern
    known = pattern is not None and pattern.gateway_id is not None
    return Letter(
        text=send.text,
        sender=send.sender,
        gateway_id=send.gateway_id,
        flash=send.flash,
        pattern=pattern.gateway_pattern if known else "",
        pattern_gateway_id=pattern.gateway_id if known else None,
        values=json.loads(send.values) if send.values else {},
    )


def _letter_of_news(message, template):
    try:
        return _write_news(message, template)
    except InvalidToken:
        return None


def _write_news(message, template):
    if template is None or not template.gateway_pattern or template.gateway_id is None:
        return Letter(message.text)
    return Letter(
        text=message.text,
        gateway_id=template.gateway_id,
        pattern=template.gateway_pattern,
        pattern_gateway_id=template.gateway_id,
        values=json.loads(message.values) if message.values else {},
    )
