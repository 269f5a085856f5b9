"""Bodies made to take memory or to break their readers: contracts refuse them in their own words, and so do pages."""

import gzip
import tracemalloc
import zlib
from functools import cache

import pytest
from django.conf import settings as django_settings
from django.test import Client

from panel.api.docs.contracts import CONTRACTS
from tests.attack.calls import client, list_samples, make_secrets
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser

pytestmark = pytest.mark.django_db
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
GARBAGE = b"\x1f\x8b\x08 no gzip, no JSON, no form"
MB = 1024 * 1024
DEEP = 100_000
# Below what Python's reader takes by itself, up to where whatever walks through the value would fall.
DEPTHS = (100, 500, 800, 900, 950, 980)
PAGE = "/tickets/new/"


@cache
def make_bomb():
    """1 GB of zeros as 1 MB of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    part, more = bytes(MB), []
    for _ in range(64):
        more.append(packer.compress(part))
    member = b"".join([*more, packer.flush()])
    return member * 16  # members one after the other unpack to one text


@pytest.fixture
def call(db, settings):
    """call(slug, body, kind, **headers): the answer of a call of that contract that takes JSON."""
    settings.API_CALLS_PER_MINUTE = {0: 1_000_000}
    known = {}

    def send(slug, body, kind=JSON, **headers):
        sample = find_sample(slug)
        secrets = known.setdefault(slug, make_secrets(slug, make_customer(toman=1_000)))
        given = {name: secrets.put_into(text) for name, text in sample.headers.items()} | headers
        return client.generic("POST", sample.route, body, kind, headers=given)

    return send


@cache
def find_sample(slug):
    return next(
        one
        for one in list_samples()
        if one.slug == slug and one.method == "POST" and one.json is not None and not one.path
    )


def tell(answer):
    return answer.status_code, answer.headers["Content-Type"], answer.content


def measure(function, *given, **more):
    """(what it returns, the bytes that it had more of at its height)."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        answer = function(*given, **more)
        return answer, tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_the_bomb_is_one():
    assert len(make_bomb()) < django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    unpacked = zlib.decompressobj(31).decompress(make_bomb(), 65 * MB)
    assert len(unpacked) * 16 == 1024 * MB
    assert gzip.decompress(make_bomb()[: len(make_bomb()) // 16])[:10] == bytes(10)


@pytest.mark.parametrize("slug", CONTRACTS)
def test_a_packed_body_is_read_as_the_bytes_it_is(call, slug):
    for kind in (JSON, FORM):
        refused = tell(call(slug, GARBAGE, kind))
        answer, grown = measure(call, slug, make_bomb(), kind, **{"Content-Encoding": "gzip"})
        assert (refused[0] < 500, "json" in refused[1]) == (True, True)
        assert (tell(answer), grown < 12 * MB) == (refused, True), grown


def test_a_packed_form_is_read_as_the_bytes_it_is():
    browser = open_browser(make_customer())
    headers = {"Content-Encoding": "gzip"}
    empty = browser.generic("POST", PAGE, b"", FORM).status_code
    answer, grown = measure(browser.generic, "POST", PAGE, make_bomb(), FORM, headers=headers)
    assert (answer.status_code, grown < 12 * MB) == (empty, True), grown


@pytest.mark.parametrize("slug", CONTRACTS)
def test_json_deeper_than_anybody_reads_is_refused(call, slug):
    refused = tell(call(slug, GARBAGE))
    bodies = [
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b"[" * DEEP,
        b'{"a":' * DEEP,
    ]
    assert [tell(call(slug, body)) for body in bodies] == [refused] * len(bodies)


@pytest.mark.parametrize("slug", CONTRACTS)
def test_json_as_deep_as_can_be_read_breaks_nothing(call, slug):
    fields = [name.encode() for name in find_sample(slug).json]
    found = {}
    for depth in DEPTHS:
        for opened, closed in ((b"[", b"]"), (b'{"a":', b"}")):
            value = opened * depth + (b"1" if closed == b"}" else b"") + closed * depth
            body = b"{" + b",".join(b'"%s":%s' % (name, value) for name in [*fields, b"other"]) + b"}"
            found[depth, opened] = call(slug, body).status_code
    assert {key: status for key, status in found.items() if status >= 500} == {}


@pytest.mark.parametrize("slug", CONTRACTS)
def test_more_fields_than_are_read(call, slug):
    many = b"&".join(b"f%d=1" % number for number in range(5_000))
    refused = tell(call(slug, GARBAGE, FORM))
    assert tell(call(slug, many, FORM)) == refused
    names = b"{" + b",".join(b'"f%d":1' % number for number in range(50_000)) + b"}"
    assert call(slug, names).status_code < 500


@pytest.mark.parametrize("slug", CONTRACTS)
def test_a_body_that_is_too_large_is_refused_unread(call, slug):
    most = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for kind in (JSON, FORM, "multipart/form-data; boundary=x"):
        answer, grown = measure(call, slug, bytes(most + 1), kind)
        assert (answer.status_code < 500, "json" in answer.headers["Content-Type"]) == (True, True)
        assert grown < 3 * MB  # this client's own copy of it


@pytest.mark.parametrize("checked", [True, False])
def test_pages_refuse_too_many_fields_and_too_large_bodies(checked):
    browser = Client(raise_request_exception=False, enforce_csrf_checks=checked)
    browser.force_login(make_customer())
    part = b'--x\r\nContent-Disposition: form-data; name="f"%s\r\n\r\n1\r\n'
    bodies = {
        "fields": (b"f=1&" * 5_000, FORM),
        "size": (b"f=" + b"x" * django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE, FORM),
        "parts": (part % b"" * 5_000 + b"--x--\r\n", "multipart/form-data; boundary=x"),
        "files": (part % b'; filename="a"' * 5_000 + b"--x--\r\n", "multipart/form-data; boundary=x"),
        "no boundary": (b"x", "multipart/form-data"),
    }
    found = {name: browser.generic("POST", PAGE, *sent).status_code for name, sent in bodies.items()}
    assert found == dict.fromkeys(bodies, 403 if checked else 400)  # no token is found in them either
