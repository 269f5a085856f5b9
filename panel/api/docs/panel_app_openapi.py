"""panel-app's OpenAPI document: its 26 operations in the order of the contract (contracts: panel-app-v1)."""

from django.utils.translation import gettext as _

from panel.api.docs.documents import KEY, TOKEN
from panel.api.docs.generation import Contract, generate_document
from panel.api.docs.panel_app_accounts import list_account_calls
from panel.api.docs.panel_app_bodies import build_bodies
from panel.api.docs.panel_app_errors import list_errors
from panel.api.docs.panel_app_orders import list_catalogue_calls, list_order_calls
from panel.api.docs.panel_app_payments import list_payment_calls
from panel.api.docs.panel_app_rewards import list_reward_calls
from panel.api.docs.panel_app_shapes import build_object, build_shapes
from panel.api.docs.panel_app_tickets import list_notification_calls, list_ticket_calls
from panel.api.docs.panel_app_words import LOGIN, TOKEN_OR_KEY


def build_panel_app():
    """The document in the active language."""
    contract = Contract(
        title="panel-app v1",
        version="1",
        description=_describe_contract(),
        operations=[
            *list_account_calls(),
            *list_notification_calls(),
            *list_ticket_calls(),
            *list_payment_calls(),
            *list_catalogue_calls(),
            *list_order_calls(),
            *list_reward_calls(),
        ],
        security=_list_security(),
        errors=list_errors(),
        envelope=_refuse,
        error_schema=_build_error(),
        fields={},
        schemas=build_shapes() | build_bodies(),
    )
    return generate_document(contract)


def _describe_contract():
    return " ".join(
        (
            _(
                "The API of the panel's own app. Ask for a code with login, exchange it for a token with "
                "login/verify, and send that token with every call; or send an API key, which may do all but "
                "change the profile and log out."
            ),
            _(
                "Every documented answer has the HTTP status 200: the status that matters is in the body, "
                "and a refusal says why in message, in Persian words that are part of the contract. Only a "
                "refused token is HTTP 401, and faults of the call itself have an HTTP status of their own."
            ),
            _(
                "Times are unix seconds, money is whole toman. A GET takes its parameters from the query or "
                "from a JSON body."
            ),
            _(
                "In the texts of refusals on this page NAME stands for the name of a field and N for a number."
            ),
        )
    )


def _list_security():
    bearer = {"type": "http", "scheme": "bearer"}
    either = _("The word Bearer, a space, and a token that login/verify answered, or an API key.")
    login = _("The word Bearer, a space, and a token that login/verify answered. An API key is refused: 403.")
    return {
        TOKEN_OR_KEY: bearer | {"description": either, "x-example": f"Bearer {KEY}"},
        LOGIN: bearer | {"description": login, "x-example": f"Bearer {TOKEN}"},
    }


def _refuse(row):
    """A fault of ours has the document's own words and no status."""
    return {"message": row.text} if row.status == 500 else {"status": row.status, "message": row.text}


def _build_error():
    statuses = {"type": "integer", "enum": [400, 401, 403, 404, 405, 413, 415, 429, 503]}
    refusal = build_object(status=statuses, message={"type": "string"})
    return {"oneOf": [refusal, build_object(message={"const": "Server Error"})]}
