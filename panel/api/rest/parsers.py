"""Bodies of the contracts that REST framework serves: JSON or a form, read whole and never beyond the limit.

Both give a dict of values by name; a name that comes several times in a form is a list. What can't be read is
ParseError (400) or BodyTooLarge (413).
"""

import json
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

JSON_STARTS = (b"{", b"[", b'"')


class BodyTooLarge(APIException):
    """The body has more than settings.DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    status_code = 413


class FormParser(BaseParser):
    """`application/x-www-form-urlencoded`."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream, media_type=None, parser_context=None):
        """The body's fields. Raises ParseError, BodyTooLarge."""
        return _read_form(_read_body(parser_context))


class JsonParser(BaseParser):
    """`application/json`: an object and nothing else."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        """The object. Raises ParseError, BodyTooLarge."""
        return _read_object(_read_body(parser_context))


class JsonOrFormParser(JsonParser):
    """`application/json` where a form may be labelled so: `requests.post(url, data=…)` with a JSON header is one."""

    def parse(self, stream, media_type=None, parser_context=None):
        """The fields of either. Raises ParseError, BodyTooLarge."""
        body = _read_body(parser_context)
        if b"=" in body and not body.lstrip().startswith(JSON_STARTS):
            return _read_form(body)
        return _read_object(body)


def _read_body(parser_context):
    try:
        return parser_context["request"].body
    except RequestDataTooBig as error:
        raise BodyTooLarge from error
    except UnreadablePostError as error:
        raise ParseError from error


def _read_object(body):
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError from error
    if not isinstance(values, dict):
        raise ParseError
    return values


def _read_form(body):
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    try:
        # As text: with bytes, parse_qsl takes no letters beyond ASCII in some Pythons.
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=most
        )
    except ValueError as error:
        raise ParseError from error
    values = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: given[0] if len(given) == 1 else given for name, given in values.items()}
