"""What the lists of panel-app's operations and errors share: addresses, who may call, and rows of the table."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from panel.api.docs.documents import ErrorRow
from panel.api.docs.generation import Operation
from panel.api.panel_app.base import IN_THE_BODY

ROOT = "/api/v1"
LOGIN, TOKEN_OR_KEY = "login", "token_or_key"
HIGHEST_ID = 2**63 - 1
NAME = "NAME"  # stands for the name of a field


def tell_refusal(status, text, meaning, advice, *calls):
    """A row of the table of errors; most are sent with HTTP status 200. No calls: it may answer every call."""
    return ErrorRow(status, text, meaning, advice, calls, 200 if status in IN_THE_BODY else None)


def get(name, path, view, summary, answer, description="", **more):
    """A GET below `/api/v1/`."""
    return Operation(name, "get", f"{ROOT}/{path}", view, summary, answer, description, **more)


def post(name, path, view, summary, answer, description="", **more):
    """A POST below `/api/v1/`."""
    return Operation(name, "post", f"{ROOT}/{path}", view, summary, answer, description, **more)


def query(name, description, schema):
    """A parameter of the query that may be left out."""
    return OpenApiParameter(name, schema, description=description)


def needed_query(name, description, schema, example):
    """A parameter of the query with an example."""
    examples = [OpenApiExample("example", value=example)]
    return OpenApiParameter(name, schema, required=True, description=description, examples=examples)


def number_in_path(name, description, example):
    """The number of a row in the address."""
    return OpenApiParameter(
        name,
        {"type": "integer", "minimum": 1, "maximum": HIGHEST_ID},
        "path",
        required=True,
        description=description,
        examples=[OpenApiExample("example", value=example)],
    )
