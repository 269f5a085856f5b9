"""What sms-gateway-rest's answers hold: schemas, and the results of codes other than 0.

Its views build their answers themselves, so there is no serializer that drf-spectacular could read.
"""

from panel.api.docs.panel_app_shapes import build_list, build_object
from panel.api.sms_rest.errors import FAULTS
from sms.gateway.codes import DeliveryState, UserState

WHOLE = {"type": "integer"}
TEXT = {"type": "string"}
DONE = {"type": "integer", "const": 0}
TIME = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"}
STATE = {"type": "integer", "enum": [int(state) for state in DeliveryState]}
CODE = {"type": "integer", "minimum": 1}
# What stands beside a code other than 0, by the calls that answer so; None where the result is the bare code.
NOTHING = {
    **dict.fromkeys(("send", "future_send", "pattern_send", "phonebook_send", "phonebook_create"), {"id": 0}),
    "credit": {"value": 0},
    **dict.fromkeys(("profile", "latest"), {"details": None}),
    **dict.fromkeys(("status", "phonebooks", "phonebook", "numbers"), {"result": []}),
    **dict.fromkeys(("register", "phonebook_delete", "numbers_add", "numbers_delete"), None),
}
PROFILE = {
    "fullname": "سارا احمدی",
    "company": "",
    "date": "2026-11-22 10:30:00",
    "fax": "",
    "mellicode": "",
    "shenasname": "",
    "addr": "",
    "postcode": "",
}


def build_answer(description, result, example):
    """`(schema, description, example)` of the answer with this result."""
    schema = build_object(status={"type": "integer", "const": 200}, result=result)
    return schema, description, {"status": 200, "result": example}


def refuse(row):
    """The answer of a row of the table of errors: a fault of the call, or a code in the result."""
    if row.sent_as is None:
        return {"status": row.status, "message": row.text}
    nothing = NOTHING[row.calls[0]]
    return {"status": 200, "result": row.status if nothing is None else {"status": row.status, **nothing}}


def build_error():
    """The schema of all that is no good answer."""
    fault = build_object(status={"type": "integer", "enum": sorted(FAULTS)}, message=TEXT)
    shapes = [
        CODE,
        build_object(status=CODE, id={"const": 0}),
        build_object(status=CODE, value={"const": 0}),
        build_object(status=CODE, details={"type": "null"}),
        build_object(status=CODE, result={"type": "array", "maxItems": 0}),
    ]
    return {
        "oneOf": [fault, build_object(status={"type": "integer", "const": 200}, result={"oneOf": shapes})]
    }


def build_shapes():
    """The schemas that answers refer to, by name."""
    return {
        "Sent": build_object(status=DONE, id={"type": "integer", "minimum": 1}),
        "Outcome": build_object(
            status={"type": "integer", "minimum": 0}, id={"type": "integer", "minimum": 0}
        ),
        "Profile": build_object(**{name: TIME if name == "date" else TEXT for name in PROFILE}),
        "Latest": build_object(
            id=WHOLE,
            message=TEXT,
            recipients=build_list(TEXT),
            **{"from": TEXT},
            state=STATE,
            now=TIME,
            time=TIME,
        ),
        "Book": build_object(book_id=WHOLE, uname=TEXT, title=TEXT, count={"type": "integer", "minimum": 0}),
        "Number": build_object(number_id=WHOLE, number=TEXT),
    }


def build_account(name, schema):
    """The result of what is told of an account: that of a trial account is told too."""
    told = {"type": "integer", "enum": [int(UserState.ACTIVE), int(UserState.TRIAL)]}
    return build_object(status=told, **{name: schema})


def build_rows(schema):
    """The result that holds a list."""
    return build_object(status=DONE, result=build_list(schema))
