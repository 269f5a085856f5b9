"""How a call may be written: form, JSON, multipart or query; and what is no call at all."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from orders.models import Order
from panel.api.standard.requests import read_id
from tests.factories import make_service
from tests.panel.api.standard.conftest import LINK, client

INCORRECT = {"error": "Incorrect request"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def values(key, service):
    return {"key": key, "action": "add", "service": service.pk, "link": LINK, "quantity": 100}


def read(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


@pytest.mark.parametrize("path", ["/api/v2", "/api/v2/"])
@pytest.mark.parametrize(
    "send",
    [
        lambda path, values: client.post(path, urlencode(values), FORM),
        lambda path, values: client.post(path, urlencode(values), FORM + "; charset=utf-8"),
        lambda path, values: client.post(path, values),  # multipart
        lambda path, values: client.post(path, json.dumps(values), "application/json"),
        lambda path, values: client.post(path, json.dumps(values), "application/json; charset=utf-8"),
        lambda path, values: client.post(path, json.dumps(values), "text/plain"),
        lambda path, values: client.get(path, values),
        lambda path, values: client.post(f"{path}?{urlencode(values)}"),
        lambda path, values: Client(enforce_csrf_checks=True).post(path, values),
    ],
    ids=["form", "charset", "multipart", "json", "json-charset", "json-untold", "get", "post-query", "csrf"],
)
def test_every_way_to_send_a_call(values, path, send):
    answer = read(send(path, values))
    assert answer == {"order": Order.objects.get().pk}


def test_the_body_wins_over_the_query(values):
    answer = read(
        client.post(f"/api/v2?{urlencode(values | {'quantity': 5})}", urlencode({"quantity": 50}), FORM)
    )
    assert Order.objects.get(pk=answer["order"]).quantity == 50


def test_json_numbers_and_texts_mean_the_same(values):
    for sent in (values, {name: str(value) for name, value in values.items()}):
        read(client.post("/api/v2", json.dumps(sent), "application/json"))
    assert list(Order.objects.values_list("quantity", flat=True)) == [100, 100]


@pytest.mark.parametrize("field", ["service", "link", "quantity"])
@pytest.mark.parametrize("value", [None, True, 1.5, [], [1], {}, {"a": 1}, 10**400], ids=repr)
def test_json_of_the_wrong_kind_is_refused(values, ledger, field, value):
    before = ledger()
    answer = read(client.post("/api/v2", json.dumps(values | {field: value}), "application/json"))
    words = {"service": "Incorrect service ID", "link": "Incorrect link", "quantity": "Incorrect request"}
    assert answer == {"error": words[field]}
    assert ledger() == before


@pytest.mark.parametrize("name", ["key", "action"])
@pytest.mark.parametrize("value", [None, 5, True, [], {}], ids=repr)
def test_json_key_and_action_must_be_text(values, ledger, name, value):
    before = ledger()
    answer = read(client.post("/api/v2", json.dumps(values | {name: value}), "application/json"))
    assert answer == ({"error": "Invalid API key"} if name == "key" else INCORRECT)
    assert ledger() == before


@pytest.mark.parametrize("field", ["key", "link", "quantity", "action"])
def test_half_a_surrogate_pair_is_no_fault_of_ours(values, ledger, field):
    before = ledger()
    body = json.dumps(values | {field: "\ud800"})
    answer = read(client.post("/api/v2", body, "application/json"))
    words = {"key": "Invalid API key", "link": "Incorrect link"}
    assert answer == {"error": words.get(field, "Incorrect request")}
    assert ledger() == before


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"key": "a"',
        b"[]",
        b"[1, 2]",
        b'"text"',
        b"5",
        b"null",
        b'{"key": "\xff"}',
        b'{"quantity": ' + b"9" * 5000 + b"}",
        b'{"a":' * 100_000,
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_bad_json(customer, ledger, body):
    before = ledger()
    assert read(client.post("/api/v2", body, "application/json")) == INCORRECT
    assert ledger() == before


@pytest.mark.parametrize("where", ["body", "query"])
def test_bad_utf8(values, ledger, where):
    before = ledger()
    bad = urlencode(values) + "&link=%FF%FE"
    answer = client.post("/api/v2", bad, FORM) if where == "body" else client.get(f"/api/v2?{bad}")
    assert read(answer) == INCORRECT
    assert ledger() == before


def test_raw_bytes_that_are_no_utf8(values, ledger):
    before = ledger()
    assert read(client.post("/api/v2", urlencode(values).encode() + b"&x=\xff", FORM)) == INCORRECT
    assert ledger() == before


@pytest.mark.parametrize("kind", ["form", "multipart", "query"])
def test_too_many_fields(values, ledger, kind):
    before = ledger()
    many = values | {f"field{n}": "x" for n in range(200)}
    send = {
        "form": lambda: client.post("/api/v2", urlencode(many), FORM),
        "multipart": lambda: client.post("/api/v2", many),
        "query": lambda: client.get("/api/v2", many),
    }
    assert read(send[kind]()) == INCORRECT
    assert ledger() == before


@pytest.mark.parametrize("raw", [False, True])
def test_persian_text_and_digits_in_a_form(key, raw):
    sold = make_service(type="custom_comments", min=1)
    comments = "خیلی خوب\nعالی بود"
    values = {"key": key, "action": "add", "service": sold.pk, "link": LINK, "comments": comments}
    body = "&".join(f"{name}={value}" for name, value in values.items()) if raw else urlencode(values)
    order_id = read(client.post("/api/v2", body.encode(), FORM))["order"]
    assert Order.objects.get(pk=order_id).fields == {"comments": comments}
    body = urlencode({"key": key, "action": "add", "service": "۰", "link": LINK, "quantity": "۱۲۳"})
    body = body.replace(urlencode({"service": "۰"}), f"service={make_service().pk}")
    assert Order.objects.get(pk=read(client.post("/api/v2", body, FORM))["order"]).quantity == 123
    query = urlencode({"key": key, "action": "status", "order": order_id, "note": "سلام"})
    assert read(client.get(f"/api/v2?{query}"))["status"] == "Pending"


@pytest.mark.parametrize("kind", [FORM, "application/json", "multipart/form-data; boundary=b"])
def test_a_body_of_three_megabytes(customer, ledger, kind):
    before = ledger()
    body = {
        FORM: b"key=" + b"x" * 3_000_000,
        "application/json": b'{"key": "' + b"x" * 3_000_000 + b'"}',
    }.get(
        kind,
        b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--b--\r\n",
    )
    answer = client.post("/api/v2", body, kind)
    assert (answer.status_code, answer.json()) == (413, INCORRECT)
    assert ledger() == before


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed"])
def test_a_broken_multipart_body(customer, ledger, kind):
    before = ledger()
    answer = read(client.generic("POST", "/api/v2", b"--b\r\nnonsense", content_type=kind))
    assert list(answer) == ["error"]
    assert ledger() == before


@pytest.mark.parametrize(
    ("value", "meant"),
    [(5, 5), ("5", 5), (" 5 ", 5), ("007", 7), ("٥", 5), ("۱۲", 12), ("9" * 18, 10**18 - 1)]
    + [(bad, None) for bad in (0, "0", -5, "-5", "5.0", 5.0, True, None, "", "x", "²", "9" * 19, [5], {})],
)
def test_read_id(value, meant):
    assert read_id(value) == meant


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_acts(values, ledger, method):
    before = ledger()
    answer = client.generic(method, f"/api/v2?{urlencode(values)}")
    assert (answer.status_code, ledger()) == (200, before)
    assert answer.content == (b"" if method == "HEAD" else json.dumps(INCORRECT).encode())
