"""The OpenAPI documents: valid, in both languages, and true to the views, the rules and the contracts' words."""

import json
import re

import jsonschema
import pytest
from django.urls import resolve
from django.utils.translation import override
from drf_spectacular.validation import validate_schema

from orders.refusals import OrderRefused, Refusal
from orders.service_types import TYPE_RULES, Count, ServiceType
from panel.api.docs import panel_app_errors, sms_rest_errors, standard_errors
from panel.api.docs.calls import list_calls, read_example
from panel.api.docs.calls import resolve as resolve_schema
from panel.api.docs.contracts import CONTRACTS, find_document
from panel.api.docs.standard_fields import list_type_fields
from panel.api.gray_city import urls as gray_city_urls
from panel.api.happy_follower import urls as happy_follower_urls
from panel.api.panel_app import accounts, gifts, payments, rewards, tickets
from panel.api.panel_app import errors as words
from panel.api.panel_app import urls as panel_app_urls
from panel.api.panel_app.order_fields import name_fields
from panel.api.sms_rest import errors as sms_words
from panel.api.sms_rest import urls as sms_rest_urls
from panel.api.standard import errors, views
from panel.api.standard.errors import word
from panel.wallet.models import Payment
from sms.gateway.codes import RESULT_TABLES, SendState

LANGUAGES = ("fa", "en")
# panel-app has no operation that asks for a refill, a recheck or a cancel.
OF_OTHER_CONTRACTS = (
    Refusal.REFILL_OFF,
    Refusal.REFILL_NOT_NOW,
    Refusal.REFILL_UNKNOWN,
    Refusal.RECHECK_SOON,
    Refusal.NOT_CANCELABLE,
)


def load(slug, language="en"):
    with override(language):
        return find_document(slug)


def list_operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", CONTRACTS)
def test_documents_are_valid_openapi(slug, language):
    document = load(slug, language)
    validate_schema(document)
    assert (document["openapi"], document["info"]["x-language"]) == ("3.1.0", language)


@pytest.mark.parametrize("slug", CONTRACTS)
def test_nothing_was_guessed_when_they_were_made(slug, capsys):
    """drf-spectacular warns on standard error about all it can't read of a view."""
    with override("en"):
        CONTRACTS[slug].build()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("slug", CONTRACTS)
def test_docstrings_of_the_code_are_not_told(slug):
    """They have backticks and are English in both languages; drf-spectacular would take them as descriptions."""
    assert "`" not in json.dumps(load(slug))


@pytest.mark.parametrize("slug", CONTRACTS)
def test_references_lead_somewhere_and_names_are_unique(slug):
    document = load(slug)
    schemas = document["components"]["schemas"]
    assert sorted(name for name in find_references(document) if name not in schemas) == []
    names = [operation["operationId"] for _path, _method, operation in list_operations(document)]
    assert sorted(names) == sorted(set(names))


def find_references(value):
    if isinstance(value, list):
        return {name for one in value for name in find_references(one)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].rpartition("/")[2]} if "$ref" in value else set()
    return own | {name for one in value.values() for name in find_references(one)}


@pytest.mark.parametrize("slug", [slug for slug in CONTRACTS if slug != "standard"])
def test_every_described_address_is_served_by_a_view_with_that_method(slug):
    for path, method, _operation in list_operations(load(slug)):
        view = resolve(re.sub(r"\{\w+\}", "1", path)).func
        kind = getattr(view, "view_class", None)
        assert kind is None or hasattr(kind, method), path


def test_every_address_of_gray_city_is_described():
    served = {
        f"/{one.pattern.regex.pattern.strip('^$').removesuffix('?')}" for one in gray_city_urls.urlpatterns
    }
    assert sorted(load("gray-city")["paths"]) == sorted(served)


@pytest.mark.parametrize(
    ("slug", "prefix", "shared"),
    [
        ("happy-follower", "api/v1/", ["/api/v1/order", "/api/v1/services"]),
        ("happy-follower-sandbox", "api/sandbox/v1/", []),
    ],
)
def test_every_address_of_happy_follower_is_described(slug, prefix, shared):
    routes = {str(one.pattern).rstrip("/") for one in happy_follower_urls.urlpatterns}
    served = {
        f"/{route.replace('<str:', '{').replace('>', '}')}" for route in routes if route.startswith(prefix)
    }
    named = served - {f"/{prefix}status"}  # names no order: 404
    assert sorted(path.rstrip("/") for path in load(slug)["paths"]) == sorted([*named, *shared])


def test_every_address_of_panel_app_is_described():
    routes = {f"/api/v1/{route}".replace("<str:", "{").replace(">", "}") for route in panel_app_urls.ROUTES}
    paths = load("panel-app")["paths"]
    assert sorted(paths) == sorted({*routes, "/api/v1/order", "/api/v1/services"})
    assert sum(map(len, paths.values())) == 26


def test_every_address_of_the_sms_gateway_is_described():
    routes = [re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/v1/rest/{route}") for route in sms_rest_urls.ROUTES]
    paths = load("sms-rest")["paths"]
    assert sorted(paths) == sorted(routes)
    assert sum(map(len, paths.values())) == 17


def test_the_sms_table_has_every_code_and_every_fault():
    """But for 27, which a gateway tells us: what is queued here was handed to nobody yet."""
    with override("en"):
        rows = sms_rest_errors.list_errors()
    told = {row.status for row in rows if row.sent_as == 200}
    codes = {int(code) for table in RESULT_TABLES for code in table if code}
    assert told == codes - {int(SendState.OPERATOR_ERROR)}
    faults = {(row.status, row.text) for row in rows if row.sent_as is None}
    passwords = {(400, text) for text in sms_words.PASSWORDS.values()}
    assert faults == {*sms_words.FAULTS.items(), *passwords, (400, sms_words.BAD_FIELD.format(field="NAME"))}


def test_the_sms_gateway_takes_a_token_or_a_password():
    security = [operation["security"] for *_, operation in list_operations(load("sms-rest"))]
    either = [{"token": []}, {"username": [], "password": []}]
    assert sorted(map(str, security)) == sorted([*[str(either)] * 16, "[{}]"])


def test_the_panel_app_table_of_types_is_the_rules():
    (create,) = [call for call in list_calls(load("panel-app")) if call.name == "order_create"]
    told = {one.title: (one.needed, one.one_of) for one in create.variants}
    names = {kind: name_fields(kind) for kind in TYPE_RULES}
    assert told == {
        kind.value: (
            [name for name in ("link", "quantity") if name in names[kind]]
            + [names[kind][name] for name in rule.needs],
            list(rule.one_of),
        )
        for kind, rule in TYPE_RULES.items()
    }
    known = {field.name for field in create.fields}
    assert {name for own in names.values() for name in own.values()} <= known


def test_the_panel_app_table_has_every_refusal_and_no_other():
    with override("en"):
        rows = panel_app_errors.list_errors()
    assert {(row.status, row.text) for row in rows} == list_panel_app_words()
    told = [(row.status, row.text, row.meaning) for row in rows]
    assert sorted(told) == sorted(set(told))


def list_panel_app_words():
    """`(status, text)` of all that its views refuse with; NAME and N stand for what they fill in."""
    orders = {told for refusal, told in words.REFUSALS.items() if refusal not in OF_OTHER_CONTRACTS}
    limits = (rewards.OFF, rewards.HOUSE_CAP, rewards.CREDIT_SOON, rewards.CREDIT_MONTHLY)
    limits += (rewards.WHEEL_SOON_DAYS, rewards.WHEEL_SOON_HOURS, rewards.WHEEL_MONTHLY)
    found = {
        *orders,
        *words.FAULTS.items(),
        (400, accounts.MALFORMED),
        (400, accounts.MALFORMED_FIELD),
        (404, accounts.NO_USER),
        *((400, text) for text in accounts.PROFILE_REFUSALS.values()),
        *tickets.REFUSALS.values(),
        *payments.REFUSALS.values(),
        *(told for state, told in payments.RESULTS.items() if state != Payment.State.PAID),
        payments.UNKNOWN_YET,
        (404, payments.NO_PAYMENT),
        *((429, text) for text in limits),
        *gifts.REFUSALS.values(),
        (400, gifts.BAD_GIFT),
        (400, gifts.BAD_LINK),
    }
    filled = {"field": "NAME", "limit": "N", "seconds": "N", "hours": "N", "days": "N"}
    return {(int(status), text.format(**filled)) for status, text in found}


def test_refusals_of_panel_app_say_where_their_status_stands():
    """HTTP 200 and the status in the body, but for a refused token and for faults of the call or the panel."""
    with override("en"):
        rows = panel_app_errors.list_errors()
    assert {(row.status, row.http_status) for row in rows} == {
        *((status, 200) for status in (400, 401, 403, 404, 429)),
        *((status, status) for status in (401, 405, 413, 415, 500, 503)),
    }
    (wrong_code,) = [row for row in rows if (row.status, row.http_status) == (401, 200)]
    assert wrong_code.calls == ("login_verify",)


@pytest.mark.parametrize("slug", CONTRACTS)
def test_examples_of_answers_fit_their_schemas(slug):
    document = load(slug)
    for path, method, operation in list_operations(document):
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                checker = jsonschema.Draft202012Validator(
                    media["schema"] | {"components": document["components"]}
                )
                for example in media.get("examples", {}).values():
                    assert list(checker.iter_errors(example["value"])) == [], (method, path, status)


def test_the_standard_actions_are_those_that_are_served():
    calls = [call.name for call in list_calls(load("standard")) if call.method == "POST"]
    assert sorted(calls) == sorted(views._ACTIONS)


def test_the_standard_table_of_types_is_the_rules():
    told = {
        kind.label: (rule.link, rule.count is Count.QUANTITY, rule.needs, rule.one_of)
        for kind, rule in TYPE_RULES.items()
        if kind not in (ServiceType.ADS, ServiceType.WATCH_TIME)  # not sold there, and sold as Default
    }
    found = {
        label: (
            "link" in needed,
            "quantity" in needed,
            tuple(name for name in needed if name not in ("link", "quantity")),
            one_of,
        )
        for label, (needed, one_of, _optional) in list_type_fields().items()
    }
    assert found == told
    (add,) = [call for call in list_calls(load("standard")) if call.name == "add"]
    assert {one.title: tuple(one.needed) for one in add.variants} == {
        label: needed for label, (needed, *_others) in list_type_fields().items()
    }


def test_every_standard_refusal_stands_in_the_table_once():
    with override("en"):
        listed = [refusal for group in standard_errors.list_refusals() for refusal in group]
    assert sorted(one.value for one in listed) == sorted(one.value for one in errors._WORDS)


def test_standard_refusals_of_one_row_have_its_words():
    with override("en"):
        rows = {row.text for row in standard_errors.list_errors()}
        groups = standard_errors.list_refusals()
    for group in groups:
        (text,) = {word(OrderRefused(one, limit="N")) for one in group}
        assert text in rows


@pytest.mark.parametrize("slug", CONTRACTS)
def test_rows_name_calls_that_are_there(slug):
    document = load(slug)
    named = {name for row in document["x-errors"] for name in row["calls"]}
    assert named <= {call.name for call in list_calls(document)}


@pytest.mark.parametrize("slug", CONTRACTS)
def test_every_call_has_a_sample_and_an_example_of_each_answer(slug):
    for call in list_calls(load(slug)):
        assert call.samples != []
        assert [one.status for one in call.answers if one.is_json and one.example is None] == []


@pytest.mark.parametrize("slug", CONTRACTS)
def test_every_field_says_what_it_means(slug):
    fields = [(call.name, field) for call in list_calls(load(slug)) for field in call.fields]
    assert [(name, field.name) for name, field in fields if not field.description] == []


@pytest.mark.parametrize("slug", CONTRACTS)
def test_examples_of_parameters_fit_where_they_are_required(slug):
    document = load(slug)
    for _path, _method, operation in list_operations(document):
        needed = [one for one in operation.get("parameters", ()) if one.get("required")]
        assert [one["name"] for one in needed if read_example(one) is None] == []


def test_references_are_followed():
    document = {"components": {"schemas": {"A": {"$ref": "#/components/schemas/B"}, "B": {"type": "string"}}}}
    assert resolve_schema(document, {"$ref": "#/components/schemas/A"}) == {"type": "string"}
