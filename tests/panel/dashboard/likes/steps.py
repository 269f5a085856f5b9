"""What tests of these pages do again and again."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Cover
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

ADDRESS = "https://www.instagram.com/p/CA2-Sn-n9YX/"
PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def fill_form(row, **changes):
    """What a browser posts from the form of a new campaign of that class."""
    return {"campaign_class": row.pk, "target_url": ADDRESS, "budget": "100", "form_key": "f1"} | changes


def read_errors(page):
    """`{field: sentence}` of the page."""
    found = find_all(page, "p", class_="field-error")
    return {read_attributes(one)["id"].removeprefix("error-"): read_text(one) for one in found}


def read_facts(page):
    """`{term: text}` of the page's facts."""
    terms = [read_text(one) for one in find_all(page, "dt")]
    return dict(zip(terms, [read_text(one) for one in find_all(page, "dd")], strict=True))


def read_balances(page):
    """What the page says at its top that the customer has of likes and of coins."""
    return [read_text(find_one(page, "a", href=f"/wallet/?currency={code}")) for code in ("like", "coin")]


def read_told(page):
    """The sentences in the page's boxes of success, error and information."""
    return [
        text
        for kind in ("error", "success", "info")
        for text in read_texts(page, "p", class_=f"alert-{kind}")
    ]


def make_cover(digest="a" * 64):
    return Cover.objects.create(digest=digest, content_type="image/png", content=PIXEL)


def count_queries(browser, path, **headers):
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path, **headers).status_code == 200
    return len(queries)
