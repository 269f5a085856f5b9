"""A contract of its own, to see that every fault ends in its envelope."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from orders.refusals import OrderRefused, Refusal
from panel.accounts.key_usage import Throttled
from panel.api.rest.parsers import FormParser, JsonOrFormParser, JsonParser
from panel.api.rest.views import CallRefused, ContractView, read_credential

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
WORDS = {400: "unreadable", 404: "nothing here", 405: "method", 413: "large", 415: "kind", 429: "slowly"}
WORDS |= {500: "fault", 503: "away"}


class Body(serializers.Serializer):
    first = serializers.CharField(error_messages={"required": "no first"})
    second = serializers.CharField(error_messages={"required": "no second"})


class EchoView(ContractView):
    """Answers with the body, or raises `trouble`."""

    authentication_classes = permission_classes = ()
    fault_words = WORDS
    trouble = None

    def show_fault(self, status, words):
        return {"fault": words, "number": status}

    def word_refusal(self, refused):
        return 409, f"refused: {refused.code.value}"

    def post(self, request):
        if self.trouble is not None:
            raise self.trouble
        return Response(request.data)


def call(body=b"", kind=JSON, method="POST", **fields):
    """`(status, JSON, response)` of the view made with these fields."""
    request = APIRequestFactory().generic(method, "/", body, kind)
    response = EchoView.as_view(**fields)(request).render()
    assert response.headers["Content-Type"] == JSON
    assert response.headers["Content-Length"] == str(len(response.content))
    return response.status_code, response.data, response


def fault(status, words=None):
    return status, {"fault": words or WORDS[status], "number": status}


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (CallRefused(402, "pay"), fault(402, "pay")),
        (OrderRefused(Refusal.FUNDS), fault(409, "refused: funds")),
        (Throttled(7), fault(429)),
        (Http404(), fault(404)),
        (SuspiciousOperation(), fault(400)),
        (OperationalError("password=secret"), fault(503)),
        (ZeroDivisionError(), fault(500)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_fault(trouble, expected):
    assert call(trouble=trouble)[:2] == expected


def test_what_the_database_says_is_not_logged(caplog):
    call(trouble=OperationalError("password=secret"))
    assert [record.getMessage() for record in caplog.records] == [
        "a call of EchoView failed: OperationalError"
    ]


def test_headers_of_a_refusal():
    assert call(trouble=Throttled(7))[2].headers["Retry-After"] == "7"
    assert call(trouble=CallRefused(429, "soon", Retry_After="9"))[2].headers["Retry-After"] == "9"


def test_the_first_bad_field_speaks():
    def check(data):
        body = Body(data=data)
        with pytest.raises(serializers.ValidationError) as raised:
            body.is_valid(raise_exception=True)
        return call(trouble=raised.value)[:2]

    assert check({}) == fault(400, "no first")
    assert check({"first": "a"}) == fault(400, "no second")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods(method):
    status, body, response = call(method=method)
    assert (status, body) == fault(405)
    assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("parser", "kind", "body", "values"),
    [
        (JsonParser, JSON, b'{"a": 1, "b": ["x"]}', {"a": 1, "b": ["x"]}),
        (JsonParser, f"{JSON}; charset=utf-8", '{"a": "متن"}'.encode(), {"a": "متن"}),
        (FormParser, FORM, b"a=1&b=x&b=y&c=", {"a": "1", "b": ["x", "y"], "c": ""}),
        (FormParser, FORM, b"a=%DB%B5+%2B", {"a": "۵ +"}),
        (JsonOrFormParser, JSON, b'{"a": "b=c"}', {"a": "b=c"}),
        (JsonOrFormParser, JSON, b' \n{"a": "b=c"}', {"a": "b=c"}),
        (JsonOrFormParser, JSON, b"a=1&b=x", {"a": "1", "b": "x"}),
        (JsonParser, JSON, b"", {}),
    ],
)
def test_bodies(parser, kind, body, values):
    assert call(body, kind, parser_classes=[parser])[:2] == (200, values)


@pytest.mark.parametrize(
    ("parser", "kind", "body"),
    [
        (JsonParser, JSON, b"a=1"),
        (JsonParser, JSON, b"[1]"),
        (JsonParser, JSON, b"{"),
        (FormParser, FORM, b"nonsense"),
        (FormParser, FORM, b"a=%FF"),
        (FormParser, FORM, b"&".join([b"a=1"] * 201)),
        (JsonOrFormParser, JSON, b'["a=b"]'),
        (JsonOrFormParser, JSON, b"nonsense"),
    ],
)
def test_unreadable_bodies(parser, kind, body):
    assert call(body, kind, parser_classes=[parser])[:2] == fault(400)


@pytest.mark.parametrize(
    ("parser", "kind"), [(JsonParser, JSON), (FormParser, FORM), (JsonOrFormParser, JSON)]
)
def test_the_largest_body(parser, kind, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    fits = b'{"a": "' + b"x" * 91 + b'"}' if kind == JSON else b"a=" + b"x" * 98
    assert len(fits) == 100
    assert call(fits, kind, parser_classes=[parser])[0] == 200
    assert call(fits + b" ", kind, parser_classes=[parser])[:2] == fault(413)


@pytest.mark.parametrize("kind", [FORM, "text/plain", "", "application/json2"])
def test_other_content_types(kind):
    assert call(b"{}", kind, parser_classes=[JsonParser])[:2] == fault(415)


@pytest.mark.parametrize(
    ("value", "credential"),
    [
        ("Token abc", "abc"),
        ("token  abc ", "abc"),
        ("Token", ""),
        ("Token ", ""),
        ("Tokenabc", None),
        ("", None),
    ],
)
def test_credentials(value, credential):
    assert read_credential(value, "Token") == credential
