"""The standard API's OpenAPI document, kept by hand: one address, the action in the parameters (standard-v2).

The fields of `add` come from the rules that orders are read with, the error texts from the contract's own.
"""

from django.utils.translation import gettext as _

from panel.api.docs.documents import (
    FORM,
    JSON,
    KEY,
    build_document,
    build_idempotency_header,
    describe_retry_after,
    reference,
)
from panel.api.docs.standard_answers import EXAMPLES, build_answers
from panel.api.docs.standard_errors import list_errors
from panel.api.docs.standard_fields import (
    build_field_schemas,
    build_id_schema,
    list_type_fields,
)
from panel.api.standard.errors import INCORRECT_REQUEST, TOO_MANY, UNAVAILABLE
from panel.api.standard.views import MAX_IDS, MAX_ORDERS

PATH = "/api/v2"


def build_standard():
    """The document in the active language."""
    description = _(
        "The interface that nearly every panel of this field speaks. One address takes all calls: the parameter "
        "key is your API key, the parameter action says what is wanted. Calls come as a form or as JSON; a plain "
        "GET with everything in the query works too. Answers are JSON, and HTTP 200 also for refusals: look for "
        "error in the answer."
    )
    paths = {PATH: {"post": _describe_post(), "get": _describe_get()}}
    schemas = _list_requests() | build_answers()
    return build_document("standard v2", "2", description, paths, {"schemas": schemas}, list_errors())


def _describe_post():
    actions = list(_describe_actions())
    body = {
        "schema": {"oneOf": [reference(name) for name in actions]},
        "examples": {name: {"value": value} for name, (value, _answer) in EXAMPLES.items()},
    }
    as_form = body | {
        "schema": {"oneOf": [reference(name) for name in actions if name != "orders"]},
        "examples": {name: value for name, value in body["examples"].items() if name != "orders"},
    }
    return {
        "operationId": "call",
        "summary": _("Call an action"),
        "parameters": [build_idempotency_header(("add", "orders")), _describe_etag()],
        "requestBody": {"required": True, "content": {FORM: as_form, JSON: body}},
        "responses": _list_responses(EXAMPLES),
    }


def _describe_get():
    """The same call with everything in the query, as some clients send it."""
    ids = {"type": "string", "pattern": "^[0-9]+(,[0-9]+)*$"}
    shapes = {
        "action": {"type": "string", "enum": [name for name in _describe_actions() if name != "orders"]},
        "key": {"type": "string"},
        "service": build_id_schema(""),
        "order": build_id_schema(""),
        "refill": build_id_schema(""),
        "orders": ids,
        "refills": ids,
        "link": {"type": "string"},
        "quantity": {"type": "integer"},
    }
    texts = {"key": _("Your API key."), "action": _("What is wanted: one of the actions of this page.")}
    other = _("As in the body of the action.")
    samples = {"key": KEY, "action": "balance"}
    query = [
        {
            "name": name,
            "in": "query",
            "required": name in samples,
            "description": texts.get(name, other),
            "schema": schema,
        }
        | ({"example": samples[name]} if name in samples else {})
        for name, schema in shapes.items()
    ]
    return {
        "operationId": "call_by_query",
        "summary": _("The same in a query"),
        "description": _(
            "For clients that can't POST. Keys in addresses end up in logs of machines on the way, so prefer POST."
        ),
        "parameters": [build_idempotency_header(), _describe_etag(), *query],
        "responses": _list_responses({"balance": EXAMPLES["balance"]}),
    }


def _describe_etag():
    return {
        "x-calls": ["services"],
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": _("With services: the ETag of the list you have; 304 answers that it still holds."),
        "schema": {"type": "string"},
    }


def _list_responses(examples):
    answers = [reference(name) for name in build_answers()]
    shown = {name: {"value": answer} for name, (_value, answer) in examples.items()}
    return {
        "200": {
            "description": _("The answer of the action, or a refusal."),
            "content": {JSON: {"schema": {"anyOf": answers}, "examples": shown}},
        },
        "304": {"description": _("With services and If-None-Match: the list you have still holds.")},
        "413": _describe_refusal(_("The call is too large."), INCORRECT_REQUEST),
        "429": {
            **_describe_refusal(_("Too many calls with this key."), TOO_MANY),
            "headers": describe_retry_after(),
        },
        "503": _describe_refusal(_("The panel can't answer for the moment."), UNAVAILABLE),
    }


def _describe_refusal(description, text):
    content = {JSON: {"schema": reference("Error"), "examples": {"refusal": {"value": {"error": text}}}}}
    return {"description": description, "content": content}


def _describe_actions():
    return {
        "services": _("All services that can be ordered, with what this key pays for them."),
        "add": _("Place an order. Which fields it needs, depends on the type of the service."),
        "orders": _("Place up to 1,000 orders in one call, as JSON. Each entry is answered by itself."),
        "status": _("Where one order stands, or up to 100 of them."),
        "refill": _("Ask that what dropped after an order's end be delivered again; one order or up to 100."),
        "refill_status": _("What became of one refill, or of up to 100."),
        "cancel": _(
            "Ask that orders be canceled. 1 says that the wish was taken; the money comes back when the order is "
            "canceled in its status."
        ),
        "balance": _("What your wallet holds."),
    }


def _list_requests():
    words = _describe_actions()
    fields = build_field_schemas()
    requests = {
        "services": {},
        "add": _describe_entry(fields),
        "orders": _describe_bulk(),
        "status": _describe_ids("order", "orders", _("The number of the order.")),
        "refill": _describe_ids("order", "orders", _("The number of the order.")),
        "refill_status": _describe_ids("refill", "refills", _("The number of the refill.")),
        "cancel": _describe_ids("order", "orders", _("The number of the order.")),
        "balance": {},
    }
    schemas = {name: _describe_request(name, words[name], extra) for name, extra in requests.items()}
    schemas |= {_type_name(label): _describe_type(label, fields) for label in list_type_fields()}
    return schemas | {"AddEntry": {"type": "object", **_describe_entry(fields, required=("service",))}}


def _describe_request(name, description, extra):
    key = {"type": "string", "description": _("Your API key."), "examples": [KEY]}
    return {
        "title": name,
        "description": description,
        "type": "object",
        **extra,
        "required": ["key", "action", *extra.get("required", ())],
        "properties": {
            "key": key,
            "action": {"const": name, "description": _("What is wanted.")},
            **extra.get("properties", {}),
        },
    }


def _describe_entry(fields, required=("service",)):
    service = build_id_schema(_("The number of the service, from services."), 1)
    return {
        "required": list(required),
        "properties": {"service": service, **fields},
        "anyOf": [reference(_type_name(label)) for label in list_type_fields()],
    }


def _describe_type(label, fields):
    needed, one_of, optional = list_type_fields()[label]
    schema = {
        "title": label,
        "type": "object",
        "required": list(needed),
        "properties": {name: fields[name] for name in (*needed, *one_of, *optional)},
    }
    return schema | ({"anyOf": [{"required": [name]} for name in one_of]} if one_of else {})


def _type_name(label):
    return f"Add{label.title().replace(' ', '')}"


def _describe_bulk():
    orders = {
        "type": "array",
        "maxItems": MAX_ORDERS,
        "items": reference("AddEntry"),
        "description": _("The orders: each as the fields of add, without key and action."),
    }
    return {"required": ["orders"], "properties": {"orders": orders}}


def _describe_ids(one, many, description):
    ids = {
        "type": ["string", "array"],
        "pattern": f"^[0-9]{{1,18}}(,[0-9]{{1,18}}){{0,{MAX_IDS - 1}}}$",
        "minItems": 1,
        "maxItems": MAX_IDS,
        "items": build_id_schema(""),
        "description": _("Up to 100 numbers with commas between; as JSON also a list."),
    }
    return {
        "properties": {one: build_id_schema(description), many: ids},
        "anyOf": [{"required": [one]}, {"required": [many]}],
    }
