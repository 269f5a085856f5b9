"""What the customer was told, and marking it read."""

import pytest
from django.utils import timezone

from panel.support.models import Notification
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_texts

PAGE = "/notifications/"


@pytest.fixture
def tell(customer):
    """Write one notification to the customer."""

    def write(message="Order 7 is completed.", to=customer, **fields):
        key = f"test:{Notification.objects.count()}"
        return Notification.objects.create(
            customer=to, kind="order_completed", message=message, key=key, **fields
        )

    return write


def unread():
    return list(Notification.objects.filter(read_at=None).values_list("message", flat=True))


def messages(response):
    return read_texts(response, "bdi", dir="auto")


def badges(response):
    return read_texts(response, "span", class_="count")


def test_the_newest_is_first_and_the_unread_are_marked(browser, tell):
    tell("first", read_at=timezone.now())
    tell("second", order_id=7)
    page = browser.get(PAGE)
    assert messages(page) == ["second", "first"]
    assert read_texts(page, "span", class_="badge-info") == ["New"]
    assert read_texts(page, "a", href="/orders/7/") == ["Order #7"]
    assert badges(page) == ["1"]


def test_one_is_marked_read_and_one_goes_back(browser, tell):
    row = tell("one")
    tell("two")
    answer = browser.post(f"{PAGE}{row.pk}/read/", {"next": "/notifications/?before=x"})
    assert (answer.headers["Location"], unread()) == ("/notifications/?before=x", ["two"])
    row.refresh_from_db()
    first_time = row.read_at
    browser.post(f"{PAGE}{row.pk}/read/")
    row.refresh_from_db()
    assert row.read_at == first_time


def test_all_are_marked_read_but_nobody_else_s(browser, tell):
    tell("one")
    tell("two")
    tell("not yours", to=make_customer())
    assert badges(browser.get("/")) == ["2"]
    assert browser.post(f"{PAGE}read/").headers["Location"] == PAGE
    assert unread() == ["not yours"]
    page = browser.get(PAGE)
    assert "Mark all read" not in read_texts(page, "button")
    assert (badges(page), messages(page)) == ([], ["two", "one"])


def test_another_s_notification_is_not_found(stranger, tell):
    row = tell("secret")
    assert messages(stranger.get(PAGE)) == []
    assert stranger.post(f"{PAGE}{row.pk}/read/").status_code == 404
    assert unread() == ["secret"]


def test_marking_is_a_post(browser, tell):
    row = tell("one")
    assert [browser.get(address).status_code for address in (f"{PAGE}read/", f"{PAGE}{row.pk}/read/")] == [
        405
    ] * 2
    assert unread() == ["one"]


def test_pages_follow_each_other_even_within_one_moment(browser, tell):
    moment = timezone.now()
    for number in range(27):
        tell(f"note {number}", created=moment)
    first = browser.get(PAGE)
    second = browser.get(PAGE + read_attributes(find_one(first, "a", rel="next"))["href"])
    assert (len(messages(first)), len(messages(second))) == (25, 2)
    assert {*messages(first), *messages(second)} == {f"note {number}" for number in range(27)}
    assert find_all(second, "a", rel="next") == []


@pytest.mark.parametrize("cursor", ["x", "_", "nan_00", "1e999_" + "0" * 32, "1_zz"])
def test_a_cursor_that_is_none_shows_the_newest(browser, tell, cursor):
    tell("one")
    assert messages(browser.get(PAGE, {"before": cursor})) == ["one"]


def test_messages_are_shown_as_text(browser, tell):
    tell("<b>Order</b> & more")
    assert "&lt;b&gt;Order&lt;/b&gt; &amp; more" in browser.get(PAGE).content.decode()


def test_an_empty_list_says_so_in_persian(persian):
    assert read_texts(persian.get(PAGE), "div", class_="empty") == ["اعلانی ندارید. از چه چیزی باخبر شوید"]
