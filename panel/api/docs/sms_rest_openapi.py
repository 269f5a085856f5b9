"""sms-gateway-rest's OpenAPI document: its 17 operations in the order of the contract."""

from django.utils.translation import gettext as _

from panel.api.docs.documents import KEY
from panel.api.docs.generation import Contract, generate_document
from panel.api.docs.sms_rest_bodies import build_bodies
from panel.api.docs.sms_rest_calls import TOKEN_HEADER, list_calls
from panel.api.docs.sms_rest_errors import list_errors
from panel.api.docs.sms_rest_shapes import build_error, build_shapes, refuse

_PASSWORD = {"username": [], "password": []}


def build_sms_rest():
    """The document in the active language."""
    contract = Contract(
        title="SMS gateway REST",
        version="1",
        description=_describe_contract(),
        operations=list_calls(),
        security=_list_security(),
        errors=list_errors(),
        envelope=refuse,
        error_schema=build_error(),
        fields={},
        schemas=build_shapes() | build_bodies(),
    )
    document = generate_document(contract)
    for methods in document["paths"].values():
        for operation in methods.values():
            if {TOKEN_HEADER: []} in operation["security"]:
                operation["security"].append(_PASSWORD)
    return document


def _describe_contract():
    return " ".join(
        (
            _(
                "An SMS gateway for customers who resell SMS: texts at once or later, patterns, phonebooks, reports. "
                "Every call carries an API key in the header token, or your username and password in headers of "
                "these names; a key is the better choice, for it can be bound to networks and ended."
            ),
            _(
                "Every answer is a JSON object with status. With 200, result tells what became of the call: a code "
                "in result.status, or result itself, which is 0 when it did what it should. Otherwise status is the "
                "HTTP status of a fault of the call, and message says why, in Persian."
            ),
            _(
                "Money is whole toman, times are in Tehran. A part holds 70 Persian or 160 Latin characters, 67 or "
                "153 of a longer text, and is charged for each recipient; what no gateway took is refunded."
            ),
        )
    )


def _list_security():
    header = {"type": "apiKey", "in": "header"}
    return {
        TOKEN_HEADER: header | {"name": "token", "description": _("Your API key."), "x-example": KEY},
        "username": header | {"name": "username", "description": _("Your username, mobile or email.")},
        "password": header | {"name": "password", "description": _("Your password.")},
    }
