"""Logged-in browsers for the bench: the cookies of a customer's session, and pages as a browser asks for them."""

import gzip
import re
from http.client import HTTPConnection

from django.test import Client

from bench.connection import HOST
from bench.load import Check, build_call
from panel.accounts.entering import SECOND
from panel.accounts.models import Customer

PASSED_ON = {"X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
_LINKED = re.compile(rb'(?:src|href)="(/static/[^"#]+)')


def make_staff() -> Customer:
    """A superuser of the bench, once in a database."""
    staff, _ = Customer.objects.get_or_create(
        username="bench-staff", defaults={"is_staff": True, "is_superuser": True, "password": "!"}
    )
    return staff


def open_browser(customer: Customer) -> Client:
    """A browser that Django plays in this process, logged in as the customer, behind a proxy that ends TLS."""
    browser = Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_PROTO="https")
    browser.force_login(customer)
    session = browser.session
    session[SECOND] = True  # which staff have to show
    session.save()
    return browser


def read_cookies(browser: Client) -> str:
    """Its cookies as the header of a call."""
    return "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())


def page_call(port: int, path: str, cookies: str) -> bytes:
    """A page as that browser asks for it."""
    return build_call(port, f"GET {path}", {"Cookie": cookies})


def page_check(mark: bytes) -> Check:
    """Whether an answer is a whole page that holds `mark`."""

    def check(status: int, buffer: bytearray, start: int, end: int) -> bool:
        return status == 200 and buffer.find(mark, start, end) >= 0

    return check


def weigh_page(port: int, path: str, cookies: str = "") -> dict[str, int]:
    """Bytes on the wire, compressed, of a page and of every file it names, fonts left out."""
    weights = {path: 0}
    body, weights[path] = _fetch(port, path, cookies)
    for name in sorted({name.decode() for name in _LINKED.findall(body)}):
        if not name.endswith(".woff2"):
            weights[name] = _fetch(port, name, cookies)[1]
    return weights


def _fetch(port: int, path: str, cookies: str) -> tuple[bytes, int]:
    link = HTTPConnection(HOST, port, timeout=30)
    try:
        link.request("GET", path, headers=PASSED_ON | {"Cookie": cookies})
        answer = link.getresponse()
        body = answer.read()
    except (TimeoutError, OSError) as error:
        raise OSError(f"{path} was not answered: {error}") from error
    finally:
        link.close()
    if answer.status != 200:
        raise OSError(f"{path} is answered {answer.status}")
    zipped = answer.getheader("Content-Encoding") == "gzip"
    return (gzip.decompress(body) if zipped else body), len(body)
