"""Reading a call of the standard API: form, JSON or query, whatever the client in use sends."""

import json
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from panel.lib.dates import read_digits, to_latin_digits

MAX_FIELDS = 200
_UNREADABLE = (
    ValueError,
    RecursionError,
    RequestDataTooBig,
    SuspiciousOperation,
    UnreadablePostError,
    MultiPartParserError,
)


class UnreadableCall(Exception):
    """The body or query is not what its content type says, or, with `too_large`, more than is read."""

    too_large = False


def read_values(request):
    """The call's parameters by name; the body wins over the query. Raises UnreadableCall."""
    try:
        query = request.META.get("QUERY_STRING", "")
        values = _read_form(query.encode("latin-1")) if query else {}
        if request.method == "POST":
            values |= _read_body(request)
    except _UNREADABLE as error:
        unreadable = UnreadableCall()
        unreadable.too_large = isinstance(error, RequestDataTooBig)
        raise unreadable from error
    return values


def _read_body(request):
    # Before anything is read: Django's own limit leaves out what comes as a file.
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig
    kind = request.META.get("CONTENT_TYPE", "")
    if kind.startswith("multipart/"):
        return request.POST.dict()
    body = request.body
    if kind.startswith("application/json") or body.lstrip()[:1] == b"{":
        values = json.loads(body)
        if not isinstance(values, dict):
            raise UnreadableCall
        return values
    return _read_form(body)


def _read_form(text):
    return dict(parse_qsl(text.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"))


def read_id(value):
    """A positive id from a number or its text, Persian digits too, or None: whatever else it is names nothing."""
    if isinstance(value, bool):
        return None
    text = to_latin_digits(str(value).strip()) if isinstance(value, int | str) else ""
    return read_digits(text) or None
