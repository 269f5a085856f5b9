"""Messages to staff become tickets; all that is wrong with one comes as a list."""

import pytest

from panel.support.models import Ticket
from panel.support.safe_html import show_html
from tests.panel.api.likenama.conftest import make_caller

LONG = "متنپیام بلند است (حداکثر 500 کاراکتر)"
EMPTY = "متن پیام را بنویسید"
NO_TITLE = "عنوان پیام را بنویسید"
BAD_EMAIL = "نشانی ایمیل درست نیست"


@pytest.fixture
def write(caller):
    """Sends a message as the document has it, with `fields` on top; None leaves one out."""

    def send(**fields):
        good = {
            "email": "sample@example.com",
            "title": "A decent title.",
            "content": "Hello.\nThere.",
        } | fields
        return caller.post("messages", {"message": {k: v for k, v in good.items() if v is not None}})

    return send


def test_it_becomes_a_ticket_that_tells_the_email(customer, write):
    assert write() == (201, None)
    ticket = Ticket.objects.get()
    assert (ticket.customer_id, ticket.subject, ticket.status) == (customer.pk, "A decent title.", "new")
    assert ticket.description == "Hello.\nThere.\n\nایمیل: sample@example.com"


@pytest.mark.parametrize("email", [None, "", "  "])
def test_an_email_may_be_missing(write, email):
    assert write(email=email) == (201, None)
    assert Ticket.objects.get().description == "Hello.\nThere."


def test_what_looks_like_html_is_shown_as_it_was_written(write):
    text = "1 < 2 & <b>bold</b> <script>alert(1)</script> <a href='https://evil.example'>x</a>"
    assert write(content=text, email='"<b>"@example.com') in [(201, None), (422, {"errors": [BAD_EMAIL]})]
    assert write(content=text, email=None) == (201, None)
    shown = show_html(Ticket.objects.order_by("-id").first().description)
    assert "<" not in shown.replace("<br>", "")
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown


def test_an_email_that_carries_tags_is_harmless(write):
    write(email='"<img src=x>"@example.com')
    for ticket in Ticket.objects.all():
        assert "<img" not in show_html(ticket.description)


@pytest.mark.parametrize("content", ["x" * 500, "ی" * 500, "<" * 500])
def test_five_hundred_characters_fit(write, content):
    assert write(content=content) == (201, None)


@pytest.mark.parametrize("content", ["x" * 501, "سلام " * 101 + "x", "x" * 100_000])
def test_content_that_is_too_long(write, content):
    assert write(content=content) == (422, {"errors": [LONG]})
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("content", [None, "", "  \n ", "a\0b", "\ud800", ["x"], {"a": 1}, True])
def test_content_that_can_not_be_read(write, content):
    assert write(content=content) == (422, {"errors": [EMPTY]})
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("title", "words"),
    [(None, NO_TITLE), ("", NO_TITLE), (" ", NO_TITLE), ([], NO_TITLE), ("a\0", NO_TITLE)]
    + [("x" * 201, "عنوان پیام بلند است (حداکثر 200 کاراکتر)")],
)
def test_titles_that_can_not_be_taken(write, title, words):
    assert write(title=title) == (422, {"errors": [words]})
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    "email",
    ["sample", "a@b", "a b@example.com", "a@example.com\nb", "x" * 250 + "@example.com", 5, ["a@b.co"], True],
)
def test_emails_that_are_none(write, email):
    assert write(email=email) == (422, {"errors": [BAD_EMAIL]})
    assert Ticket.objects.count() == 0


def test_all_that_is_wrong_is_told_at_once(write):
    assert write(title="", content="x" * 501, email="x") == (422, {"errors": [NO_TITLE, LONG, BAD_EMAIL]})


def test_too_many_open_ones(write, settings):
    settings.TICKETS_OPEN_MAX = 1
    words = "شما 1 تیکت باز دارید؛ پیش از فرستادن پیام تازه، یکی از آن‌ها باید بسته شود"
    assert [write(), write()] == [(201, None), (422, {"errors": [words]})]


def test_too_many_in_an_hour(write, settings):
    settings.TICKET_MESSAGES_PER_HOUR = 1
    words = "در هر ساعت حداکثر 1 پیام می‌توانید بفرستید؛ کمی بعد دوباره تلاش کنید"
    assert [write(), write()] == [(201, None), (422, {"errors": [words]})]


def test_numbers_are_texts_too(customer):
    body = {"message": {"title": 5, "content": 10}}
    assert make_caller(customer).post("messages", body) == (201, None)
    assert (Ticket.objects.get().subject, Ticket.objects.get().description) == ("5", "10")
