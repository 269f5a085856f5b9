"""What the OpenAPI documents of all contracts share: the frame, the table of errors, and placeholders."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.items import MAX_IDEMPOTENCY_KEY

OPENAPI = "3.1.0"
# Stand for the reader's own secrets in every example.
KEY = "YOUR-KEY"
TOKEN = "YOUR-TOKEN"  # noqa: S105 - a placeholder
INSTAGRAM_TOKEN = "YOUR-INSTAGRAM-TOKEN"  # noqa: S105 - a placeholder
PURCHASE_TOKEN = "YOUR-PURCHASE-TOKEN"  # noqa: S105 - a placeholder
REFRESH_TOKEN = "YOUR-REFRESH-TOKEN"  # noqa: S105 - a placeholder
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A refusal: status, its text (N for a number), what it means, what to do, and the calls it answers.

    No calls: it may answer every call. `sent_as` is the HTTP status of a contract that tells `status` in the body,
    `field` the key under which a contract tells the text that has one for each field.
    """

    status: int
    text: str
    meaning: str
    advice: str
    calls: tuple[str, ...] = ()
    sent_as: int | None = None
    field: str = ""

    @property
    def http_status(self):
        """The HTTP status of its answer."""
        return self.status if self.sent_as is None else self.sent_as


def build_document(title, version, description, paths, components, errors):
    """An OpenAPI 3.1 document of this panel in the active language; `errors` are ErrorRows (`x-errors`)."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": title,
            "version": version,
            "description": description,
            "x-language": get_language(),
        },
        "servers": [{"url": settings.BASE_URL}],
        "paths": paths,
        "components": components,
        "x-errors": [_tell_row(row) for row in errors],
    }


def _tell_row(row):
    told = asdict(row) | {"calls": list(row.calls)}
    return {name: value for name, value in told.items() if value is not None and (value or name != "field")}


def reference(name):
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def describe_retry_after():
    """The header of an answer 429."""
    schema = {"type": "integer", "minimum": 1}
    return {"Retry-After": {"description": _("Seconds until calls are taken again."), "schema": schema}}


def build_idempotency_header(calls=()):
    """The optional header with which placing can be repeated safely; `calls` that take it, empty for all."""
    return {
        "x-calls": list(calls),
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": _(
            "A text of your own, new for each order. The same text with the same fields answers with the same "
            "order for 24 hours and charges once."
        ),
        "schema": {"type": "string", "maxLength": MAX_IDEMPOTENCY_KEY},
    }
