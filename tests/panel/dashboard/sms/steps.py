"""What tests of the SMS pages do again and again."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sms.models import Message, Send
from tests.panel.dashboard.pages import find_all, read_attributes, read_text

LINE = "3000123456"


def fill_form(**changes):
    """What a browser posts from the form: a text to two numbers, changed as given."""
    return {
        "sender": LINE,
        "numbers": "09121111111\n09122222222",
        "text": "Hello",
        "book": "",
        "pattern": "",
        "day": "",
        "clock": "",
        "unit": "",
        "times": "",
    } | changes


def read_hidden(page):
    """All hidden inputs of the question before sending, as a browser posts them back."""
    inputs = [read_attributes(one) for one in find_all(page, "input", type="hidden")]
    kept = {one["name"]: one.get("value") or "" for one in inputs}
    return {name: value for name, value in kept.items() if name not in ("csrfmiddlewaretoken", "next")}


def confirm(browser, **changes):
    """Fill in the form, agree to the question, and return the answer."""
    question = browser.post("/sms/", fill_form(**changes))
    assert question.status_code == 200
    return browser.post("/sms/send/", read_hidden(question))


def read_errors(page):
    """`{field: sentence}` of the page."""
    found = find_all(page, "p", class_="field-error")
    return {read_attributes(one)["id"].removeprefix("error-"): read_text(one) for one in found}


def read_facts(page):
    """`{term: text}` of the page's facts."""
    terms = [read_text(one) for one in find_all(page, "dt")]
    return dict(zip(terms, [read_text(one) for one in find_all(page, "dd")], strict=True))


def make_send(customer, states=(), **fields):
    """A queued send whose messages have those states; 100 toman each."""
    recipients = len(states)
    given = {
        "channel": "dashboard",
        "state": "queued",
        "sender": LINE,
        "text": "سلام",
        "parts": 1,
        "part_price": 100,
        "recipients": recipients,
        "charge": 100 * recipients,
        "queued_at": timezone.now(),
    } | fields
    send = Send.objects.create(customer=customer, **given)
    Message.objects.bulk_create(
        Message(send=send, to=f"+98912{number:07d}", kind="send", state=state)
        for number, state in enumerate(states)
    )
    return send


def count_queries(browser, path, **headers):
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path, **headers).status_code == 200
    return len(queries)
