"""likenama's OpenAPI document: its 15 operations, the login first (contracts: likenama-v1)."""

from django.utils.translation import gettext as _

from panel.api.docs.documents import KEY, reference
from panel.api.docs.generation import Contract, generate_document
from panel.api.docs.likenama_calls import TOKEN_HEADER, list_calls
from panel.api.docs.likenama_errors import list_errors
from panel.api.docs.likenama_login import build_login_paths
from panel.api.docs.likenama_shapes import build_error, build_shapes


def build_likenama():
    """The document in the active language."""
    contract = Contract(
        title="likenama v1",
        version="1",
        description=_describe_contract(),
        operations=list_calls(),
        security=_list_security(),
        errors=list_errors(),
        envelope=_refuse,
        error_schema=build_error(),
        fields={},
        schemas=build_shapes(),
    )
    document = generate_document(contract)
    _list_errors_of_messages(document["paths"]["/api/messages"]["post"]["responses"])
    return document | {"paths": build_login_paths() | document["paths"]}


def _describe_contract():
    return " ".join(
        (
            _(
                "The like exchange for apps: people like each other's pictures at Instagram and are paid for it in "
                "two currencies, like and coin, which they spend on campaigns of their own and in the shop."
            ),
            _(
                "Every call carries a token in the header Authorization, without any word before it: one that the "
                "login through Instagram ends with, or an API key. The header Accept names the version; another "
                "version is answered 410. Bodies are JSON."
            ),
            _(
                "A refusal is an object errors with a list of texts for each field that they are about, base for the "
                "whole call; only refusals of messages are a list without fields. The texts are Persian and "
                "part of the contract, old misspellings too. What was made is answered 201 without a body, and an "
                "empty list is answered 404."
            ),
            _(
                "In the texts of refusals on this page NAME stands for the name of a field and N for a number."
            ),
        )
    )


def _list_security():
    words = _("The token that the login ended with, or an API key; nothing before it.")
    return {
        TOKEN_HEADER: {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": words,
            "x-example": KEY,
        }
    }


def _refuse(row):
    """The answer of a row of the table of errors."""
    return {"errors": {row.field or "base": [row.text]}}


def _list_errors_of_messages(responses):
    """The one operation whose refusals are lists: all texts, without fields."""
    for response in responses.values():
        for media in response.get("content", {}).values():
            media["schema"] = reference("ErrorList")
            for example in media["examples"].values():
                example["value"] = {"errors": [*example["value"]["errors"].values()][0]}
