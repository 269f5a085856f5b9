"""Serializer fields that read what clients really send, and nothing that only looks like it.

Each has one error, `invalid`; the contract gives its words as `error_messages`. Null is as good as absent where
`allow_null` is set.
"""

import re

from rest_framework import serializers

from panel.lib.dates import to_latin_digits

HIGHEST_ID = 2**63 - 1
_WHOLE = re.compile(r"-?[0-9]{1,39}")


def read_whole(value):
    """The int of a whole number or its text, Persian and Arabic digits too; None for anything else.

    True, 5.0 and [5] are no numbers.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = to_latin_digits(value.strip()) if isinstance(value, str) else ""
    return int(text) if _WHOLE.fullmatch(text) else None


class WholeNumberField(serializers.Field):
    """A whole number, as `read_whole` reads it."""

    default_error_messages = {"invalid": "not a whole number"}

    def to_internal_value(self, data):
        number = read_whole(data)
        if number is None:
            self.fail("invalid")
        return number


class IdField(WholeNumberField):
    """A whole number that names a row; 0, which names none, stands for all that can't."""

    def to_internal_value(self, data):
        number = super().to_internal_value(data)
        return number if 0 < number <= HIGHEST_ID else 0


class TextField(serializers.Field):
    """A text; numbers, lists and objects are none. What it may contain is the engine's business."""

    default_error_messages = {"invalid": "not a text"}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return data
