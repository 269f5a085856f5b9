"""Line breaks in what is given: none reaches a header of an answer, or begins a line of the log."""

import logging

import pytest

from panel.accounts.models import Customer
from tests.attack.addresses import list_pages
from tests.attack.calls import client, list_samples
from tests.attack.possessions import MARK
from tests.panel.dashboard.conftest import open_browser

pytestmark = pytest.mark.django_db
BROKEN = "x\r\nSet-Cookie: evil=1\r\n\r\n2026-01-01 00:00:00 ERROR forged line"
SENT = {"User-Agent": BROKEN, "Referer": BROKEN, "X-Forwarded-For": BROKEN, "Accept-Language": BROKEN}
FIELDS = (
    "next",
    "language",
    "theme",
    "code",
    "name",
    "q",
    "form",
    "format",
    "year",
    "month",
    "link",
    "email",
)


@pytest.fixture
def lines():
    """Every line that the panel's own handler would write meanwhile."""
    written = []
    handler = logging.Handler()
    formatter = logging.getLogger().handlers[0].formatter
    handler.emit = lambda record: written.append(formatter.format(record))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def list_forged(lines):
    return [
        line for text in lines for line in text.splitlines() if line.startswith("2026-01-01 00:00:00 ERROR")
    ]


def breaks(answer):
    broken = [name for name, value in answer.headers.items() if "\r" in value or "\n" in value]
    return broken + (["evil"] if "evil" in answer.cookies else [])


def test_no_line_break_reaches_a_log_or_a_header(theirs, lines):
    browser = open_browser(Customer.objects.get(first_name=MARK))
    browser.raise_request_exception = False
    found = {}
    for page in list_pages():
        path = page.fill(theirs)
        given = dict.fromkeys(FIELDS, BROKEN)
        for answer in (browser.get(path, given, headers=SENT), browser.post(path, given, headers=SENT)):
            if breaks(answer):
                found[path] = breaks(answer)
    for sample in list_samples():
        path = sample.route.replace("{", "").replace("}", "")
        answer = client.generic(
            sample.method, path, headers=SENT | {"Authorization": BROKEN, "token": BROKEN}
        )
        if breaks(answer):
            found[path] = breaks(answer)
    logging.getLogger("panel").warning("the fixture sees %s", "this")
    assert found == {}
    assert list_forged(lines) == []
    assert any("the fixture sees this" in line for line in lines)
