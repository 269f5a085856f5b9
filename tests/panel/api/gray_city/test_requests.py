"""How a call may be written, and what is no call at all: always JSON in the contract's envelope."""

import json
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from orders.models import Order
from panel.api.gray_city import views
from tests.panel.api.gray_city.conftest import (
    ADS,
    COMMENTS,
    CREATE,
    DESKS,
    TRACKING,
    VIDEO,
    client,
    read,
    service_field,
)
from tests.panel.api.gray_city.test_auth import GETS, POSTS

LIKE, COMMENT, ADVERT = DESKS[0], DESKS[2], DESKS[9]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
BAD_BODY = (400, {"detail": "بدنه درخواست نا معتبر است"})
BAD_METHOD = (405, {"detail": "متد درخواست مجاز نیست"})
TOO_LARGE = (413, {"detail": "حجم درخواست بیش از حد مجاز است"})
BAD_KIND = (415, {"detail": "هدر Content-Type نا معتبر است"})
FAULT = (500, {"detail": "خطای داخلی سرور"})
AWAY = (503, {"detail": "سرویس موقتا در دسترس نیست، کمی بعد دوباره تلاش کنید"})
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
WRONG = [(m, p) for p in GETS for m in METHODS if m != "GET"] + [
    (m, p) for p in POSTS for m in METHODS if m != "POST"
]


@pytest.fixture
def send(token):
    """Any request with the customer's token: `(status, JSON)`."""

    def ask(path, body=b"", kind=JSON, method="POST", **headers):
        headers = {"Authorization": f"Token {token}"} | headers
        return read(client.generic(method, path, body, kind, headers=headers))

    return ask


@pytest.fixture
def like(services):
    return {"category": services["like"].pk, "link": VIDEO, "count": 50}


@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize(("method", "path"), WRONG)
def test_wrong_method(send, method, path, slash):
    assert send(path.rstrip("/") + slash, method=method) == BAD_METHOD


def test_the_right_method_is_told(token):
    headers = {"Authorization": f"Token {token}"}
    assert client.get(CREATE, headers=headers).headers["Allow"] == "POST"
    assert client.post(TRACKING, headers=headers).headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("kind", "write"),
    [
        (JSON, json.dumps),
        (f"{JSON}; charset=utf-8", json.dumps),
        ("Application/JSON", json.dumps),
        (FORM, urlencode),
        (f"{FORM}; charset=utf-8", urlencode),
        (JSON, urlencode),  # what the document's own examples send
    ],
)
def test_ways_to_send_an_order(send, like, kind, write):
    status, answer = send(CREATE, write(like), kind)
    assert (status, answer["count"]) == (200, 50)
    assert Order.objects.values_list("service", "link", "quantity").get() == (like["category"], VIDEO, 50)


@pytest.mark.parametrize("kind", [JSON, FORM])
@pytest.mark.parametrize("comment", [COMMENTS, "\n".join(COMMENTS)])
def test_comments_in_a_form(send, services, kind, comment):
    body = {"category": services["comment"].pk, "link": VIDEO, "comment": comment}
    status, answer = send(CREATE, urlencode(body, doseq=True), kind)
    assert (status, answer["comments"]) == (200, COMMENTS)


def test_no_csrf_token_is_asked_for(token, like):
    headers = {"Authorization": f"Token {token}"}
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(CREATE, like, JSON, headers=headers).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
def test_answers_are_json_whatever_is_asked_for(send, like, accept):
    assert send(CREATE, json.dumps(like), Accept=accept)[0] == 200
    assert send("/api/v2/user/info/?format=xml", method="GET", Accept=accept)[0] == 200


def test_head(token):
    answer = client.head("/api/v2/user/info/", headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"category": 1',
        b"{'category': 1}",
        b'{"category": 1, // comment\n "count": 2}',
        b"[]",
        b'[{"category": 1}]',
        b'"text"',
        b'"a=b"',
        b"5",
        b"null",
        b"nonsense",
        b'{"link": "\xff"}',
        b'{"count": ' + b"9" * 5000 + b"}",
        b'{"a":' * 100_000,
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_broken_json(send, services, ledger, body):
    before = ledger()
    assert send(CREATE, body) == BAD_BODY
    assert ledger() == before


@pytest.mark.parametrize("kind", [JSON, FORM])
@pytest.mark.parametrize(
    "body",
    [b"link=%FF%FE", b"link=\xff", b"category=1&nonsense", urlencode({f"f{n}": 1 for n in range(201)})],
)
def test_broken_form(send, services, ledger, kind, body):
    before = ledger()
    assert send(CREATE, body, kind) == BAD_BODY
    assert ledger() == before


@pytest.mark.parametrize(
    ("desk", "field"),
    [(LIKE, "category"), (LIKE, "link"), (LIKE, "count"), (COMMENT, "comment"), (ADVERT, "description")],
)
def test_half_a_surrogate_pair_is_no_fault_of_ours(send, services, ledger, desk, field):
    before = ledger()
    path, kind, fields = desk
    body = {service_field(path): services[kind].pk} | fields | {field: "\ud800"}
    words = {"category": "تایپ ولیو پارامتر category نا معتبر است", "link": "لینک ارسال شده نامعبتر است"}
    told = words.get(field, f"مقدار پارامتر {field} نا معتبر است")
    assert send(path, json.dumps(body)) == (400, {"detail": told})
    assert ledger() == before


def test_empty_body(send):
    assert send(CREATE) == (400, {"detail": "تایپ ولیو پارامتر category نا معتبر است"})
    assert send(ADS, b"", FORM) == (400, {"detail": "تایپ ولیو پارامتر product نا معتبر است"})


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=b", "application/xml", "", "json"]
)
def test_unknown_content_type(send, like, kind):
    assert send(CREATE, json.dumps(like), kind) == BAD_KIND
    assert Order.objects.count() == 0


@pytest.mark.parametrize("kind", [JSON, FORM])
def test_a_body_of_three_megabytes(send, services, ledger, kind):
    before = ledger()
    assert send(CREATE, b'{"link=": "' + b"x" * 3_000_000 + b'"}', kind) == TOO_LARGE
    assert ledger() == before


def test_too_many_parameters(send):
    many = urlencode({f"field{n}": 1 for n in range(201)})
    assert send(f"{TRACKING}?{many}", method="GET") == BAD_BODY


@pytest.mark.parametrize("error", [OperationalError, psycopg.OperationalError])
def test_a_database_that_is_away(send, like, monkeypatch, error):
    def fail(*call):
        raise error("gone")

    monkeypatch.setattr(views, "find_service_kind", fail)
    assert send(CREATE, json.dumps(like)) == AWAY
    assert Order.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_replaced(send, like):
    """The connection ends at its other end, as when the server restarts."""
    with psycopg.connect(
        connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    assert send(CREATE, json.dumps(like)) == AWAY
    assert send(CREATE, json.dumps(like))[0] == 200
    assert Order.objects.count() == 1


def test_a_fault_of_our_own_is_json_too(send, monkeypatch):
    monkeypatch.setattr(views, "show_user", lambda customer: 1 / 0)
    assert send("/api/v2/user/info/", method="GET") == FAULT
