"""What calls carry: one JSON object in the body, whatever content type it is labelled with, and its values."""

from urllib.parse import parse_qsl

from panel.api.rest.fields import HIGHEST_ID, read_whole
from panel.api.rest.parsers import JsonParser
from panel.lib.dates import to_latin_digits
from sms.gateway.codes import SendState
from sms.readable import is_readable
from sms.refusals import SmsRefused

NO_ID = 0  # which no row has


def read_content(request):
    """The object in the body, {} without a body. Raises ParseError, BodyTooLarge.

    Clients of the document often send JSON under the content type that their library sets for forms.
    """
    if request.META.get("CONTENT_LENGTH") in (None, "", "0"):
        return {}
    return JsonParser().parse(None, parser_context={"request": request})


def read_query(request, name):
    """All values of that name in the query, `name[]` too, as PHP writes lists.

    Django's own reading takes only so many fields of a query, and `sms/status` may name a thousand.
    """
    pairs = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    return [value for key, value in pairs if key in (name, f"{name}[]")]


def read_text(content, name, code=SendState.MISMATCH):
    """A text, or that of a whole number; "" for null and for none. Raises SmsRefused(code) for anything else."""
    return as_text(content.get(name), code)


def as_text(value, code=SendState.MISMATCH):
    """The same of a value by itself."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not is_readable(value):
        raise SmsRefused(code)
    return value


def read_texts(content, name, code=SendState.MISMATCH):
    """The texts of a list; none for null. Raises SmsRefused(code) for what is no list, or has other things in it."""
    return as_texts(content.get(name), code)


def as_texts(value, code=SendState.MISMATCH):
    """The same of a value by itself."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise SmsRefused(code)
    return tuple(as_text(one, code) for one in value)


def read_number(text):
    """A number to send from, its digits Latin ones."""
    return to_latin_digits(text.strip())


def read_id(value):
    """An id, a whole number or its text; NO_ID for whatever can be none."""
    number = read_whole(value)
    return number if number is not None and NO_ID < number <= HIGHEST_ID else NO_ID


def read_switch(value, default):
    """True for 1 and False for 0, as a number or its text; `default` for null and ""; None for anything else."""
    if value is None or value == "":
        return default
    return {0: False, 1: True}.get(read_whole(value))
