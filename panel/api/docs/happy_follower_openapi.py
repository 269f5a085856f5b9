"""happy-follower's OpenAPI documents, the real one and the sandbox's, generated from its views."""

from dataclasses import replace

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers as fields

from panel.api.docs.documents import KEY, REFRESH_TOKEN, TOKEN
from panel.api.docs.generation import Contract, Operation, generate_document, header
from panel.api.docs.happy_follower_errors import list_errors, list_sandbox_errors
from panel.api.happy_follower import sandbox_views, views
from panel.api.happy_follower.serializers import STATUS_WORDS, OrderIdInput, OrderInput

LINK = "https://www.instagram.com/p/abc"
REAL, SANDBOX = "/api/v1", "/api/sandbox/v1"
SHARED = ("services", "order")  # addresses of the real contract that panel-app has too
_KEY, _TOKEN = "key", "token"


def build_happy_follower():
    """The real contract's document in the active language."""
    description = _(
        "A reseller API with short-lived tokens. Exchange your API key for a token with auth; a token lives an "
        "hour, and ref-auth makes a new one of the refresh token, which lives 30 days. Refusals have an HTTP "
        "status and their reason in message; its words are Persian and part of the contract."
    )
    operations = [*_list_access(), *_list_orders(), *_list_changes(), _describe_credit()]
    return generate_document(_contract("happy-follower v1", description, operations, list_errors()))


def build_happy_sandbox():
    """The sandbox's document in the active language."""
    description = _(
        "The same calls for trying your client out: real keys, but no money, no upstream, and orders that walk "
        "through their statuses by themselves. An order whose link has partial, cancel or error in it ends so, any "
        "other is done. Its tokens are no good outside, and cancel and recheck are not there."
    )
    played = {
        "order": sandbox_views.TrialOrderView,
        "status": sandbox_views.TrialStatusView,
        "credit": sandbox_views.PlayCreditView,
    }
    operations = [
        replace(
            one,
            path=one.path.replace(REAL, SANDBOX),
            view=played.get(one.name, one.view),
            description="" if one.name in SHARED else one.description,
            repeatable=False,
        )
        for one in (*_list_access(), *_list_orders(), _describe_credit())
    ]
    return generate_document(
        _contract("happy-follower v1 sandbox", description, operations, list_sandbox_errors())
    )


def _contract(title, description, operations, errors):
    bearer = {"type": "http", "scheme": "bearer"}
    with_key = _("The word Bearer, a space, and your API key.")
    with_token = _("The word Bearer, a space, and a token that auth answered.")
    security = {
        _KEY: bearer | {"description": with_key, "x-example": f"Bearer {KEY}"},
        _TOKEN: bearer | {"description": with_token, "x-example": f"Bearer {TOKEN}"},
    }
    error = {
        "type": "object",
        "additionalProperties": False,
        "required": ["operation", "message"],
        "properties": {"operation": {"const": "error"}, "message": {"type": "string"}},
    }
    described = {
        "serviceId": _("The serviceId from Services."),
        "link": _("The address of the post, page or video; a username where the service takes one."),
        "count": _("How many; not needed for packages, hours for watch time. Persian digits do too."),
        "orderId": _("The number of the order."),
    }
    return Contract(title, "1", description, operations, security, errors, _refuse, error, described)


def _refuse(row):
    return {"operation": "error", "message": row.text}


def _answer(name, description, example=None, **told):
    """The (serializer, description, example) of an answer with those fields."""
    operation = {"operation": fields.ChoiceField(["success"])}
    return inline_serializer(name, operation | told), description, {"operation": "success"} | (example or {})


def _list_access():
    text = fields.CharField()
    return [
        Operation(
            name="auth",
            method="get",
            path=f"{REAL}/auth",
            view=views.AuthView,
            summary=_("Exchange the key for a token"),
            answer=_answer(
                "Session",
                _("A refresh token for 30 days and a token for one hour."),
                {"refreshToken": REFRESH_TOKEN, "token": TOKEN},
                refreshToken=text,
                token=fields.CharField(),
            ),
            auth=_KEY,
        ),
        Operation(
            name="ref-auth",
            method="get",
            path=f"{REAL}/ref-auth",
            view=views.RefAuthView,
            summary=_("Renew the token"),
            description=_(
                "The old token, expired or not, has to be the newest one; it is dead from then on."
            ),
            answer=_answer("Renewed", _("A new token for one hour."), {"token": TOKEN}, token=text),
            parameters=(
                header(
                    "refresh-token",
                    _("The word Bearer, a space, and the refresh token."),
                    f"Bearer {REFRESH_TOKEN}",
                ),
                header("old-token", _("The word Bearer, a space, and the newest token."), f"Bearer {TOKEN}"),
            ),
        ),
    ]


def _list_orders():
    service = inline_serializer(
        "Service", {"serviceId": fields.IntegerField(), "name": fields.CharField()}, many=True
    )
    rows = {"services": [{"serviceId": 1, "name": "لایک ایرانی"}]}
    return [
        Operation(
            name="services",
            method="get",
            path=f"{REAL}/services",
            view=views.ServicesView,
            summary=_("Services"),
            description=_tell_shared(),
            answer=_answer(
                "Services", _("What can be ordered with a link and a count."), rows, services=service
            ),
            auth=_TOKEN,
        ),
        Operation(
            name="order",
            method="post",
            path=f"{REAL}/order",
            view=views.OrderView,
            summary=_("Place an order"),
            description=_tell_shared(),
            answer=_answer(
                "Placed",
                _("The number of the order."),
                {"orderId": 23501},
                orderId=fields.IntegerField(),
            ),
            body=(OrderInput, {"serviceId": 1, "link": LINK, "count": 100}),
            auth=_TOKEN,
            repeatable=True,
        ),
        _describe_status(),
    ]


def _tell_shared():
    return _(
        "This address is shared with panel-app: without a token of happy-follower, living or ended, it answers as "
        "that contract."
    )


def _describe_status():
    example = {
        "status": "registered",
        "statusTitle": "در انتظار",
        "remain": 100,
        "oldCount": 0,
        "count": 100,
        "cost": 200,
        "link": LINK,
    }
    told = {name: fields.IntegerField() for name in ("remain", "oldCount", "count", "cost")}
    words = fields.ChoiceField(sorted({word for word, _title in STATUS_WORDS.values()}))
    shown = {"status": words, "statusTitle": fields.CharField(), **told, "link": fields.CharField()}
    order_id = OpenApiParameter(
        "order_id",
        {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "path",
        required=True,
        description=_("The number of the order."),
        examples=[OpenApiExample("example", value=23501)],
    )
    return Operation(
        name="status",
        method="get",
        path=f"{REAL}/status/{{order_id}}/",
        view=views.StatusView,
        summary=_("Where an order stands"),
        answer=_answer("Status", _("Status, what remains, start count, count and cost."), example, **shown),
        auth=_TOKEN,
        parameters=(order_id,),
    )


def _list_changes():
    done = _answer("Done", "")[0]
    canceled = _("The wish was taken; the money comes back when the status says canceled.")
    checked = _("The upstream is asked now, and for a refill of a completed order.")
    return [
        Operation(
            name=name,
            method="post",
            path=f"{REAL}/{name}",
            view=view,
            summary=summary,
            description=description,
            answer=(done, told, {"operation": "success"}),
            body=(OrderIdInput, {"orderId": number}),
            auth=_TOKEN,
        )
        for name, view, summary, description, told, number in (
            ("cancel", views.CancelView, _("Cancel an order"), "", canceled, 23505),
            (
                "recheck",
                views.RecheckView,
                _("Check an order again"),
                _("At most once in ten minutes for each order."),
                checked,
                23502,
            ),
        )
    ]


def _describe_credit():
    return Operation(
        name="credit",
        method="get",
        path=f"{REAL}/credit/",
        view=views.CreditView,
        summary=_("Credit"),
        answer=_answer(
            "Credit",
            _("What your wallet holds, in toman; in the sandbox always the same."),
            {"credit": 100_000},
            credit=fields.IntegerField(),
        ),
        auth=_TOKEN,
    )
