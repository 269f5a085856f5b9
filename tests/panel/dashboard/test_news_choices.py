"""Choosing what one is told of, and by which channel, on a page that needs no script."""

from panel.accounts.models import NewsChoice
from panel.accounts.news import list_choices
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_texts

PAGE = "/notifications/choices/"


def ticked(page, channel):
    boxes = [read_attributes(one) for one in find_all(page, "input", name=channel)]
    return {box["value"] for box in boxes if "checked" in box}


def test_the_page_shows_what_holds_and_is_found_beside_the_notifications(browser, customer):
    page = browser.get(PAGE)
    for channel in ("panel", "sms"):
        wanted = {one.kind.name for one in list_choices(customer) if getattr(one, channel)}
        assert ticked(page, channel) == wanted
    assert read_texts(browser.get("/notifications/"), "a", href=PAGE) == ["What you are told of"] * 2
    current = [read_attributes(one)["href"] for one in find_all(page, "a", aria_current="page")]
    assert set(current) == {"/notifications/"}


def test_what_is_ticked_is_kept(browser, customer):
    answer = browser.post(PAGE, {"panel": ["paid", "x"], "sms": ["coupon", "mismatch"]}, follow=True)
    assert read_texts(answer, "p", role="status") == ["Your choices are saved."]
    assert (ticked(answer, "panel"), ticked(answer, "sms")) == ({"paid"}, {"coupon"})
    assert set(NewsChoice.objects.values_list("customer", flat=True)) == {customer.pk}


def test_staff_choose_their_own_news_too(db):
    staff = open_browser(make_customer(is_staff=True))
    page = staff.post(PAGE, {"sms": ["provider_paused"]}, follow=True)
    assert (ticked(page, "panel"), ticked(page, "sms")) == (set(), {"provider_paused"})
    assert read_texts(page, "h2") == ["Your orders, wallet and tickets", "The work of staff"]


def test_customers_see_nothing_of_staff_s_news(browser):
    page = browser.get(PAGE)
    assert read_texts(page, "h2") == ["Your orders, wallet and tickets"]
    assert len(read_rows(page)) == 14


def test_each_tick_is_named_by_its_row_and_column(browser):
    page = browser.get(PAGE)
    box = read_attributes(find_one(page, "input", name="sms", value="paid"))
    names = [read_texts(page, "th", id=name)[0] for name in box["aria-labelledby"].split()]
    assert names == ["Payment received", "By SMS"]


def test_who_has_no_mobile_is_told_so(db):
    page = open_browser(make_customer(mobile=None)).get(PAGE)
    words = "No mobile number of yours is known, so no SMS are sent to you."
    assert words in read_texts(page, "p", class_="alert-info")


def test_it_speaks_persian(persian):
    page = persian.get(PAGE)
    assert read_texts(page, "h1") == ["از چه چیزی باخبر شوید"]
    assert read_texts(page, "th", id="news-order_completed") == ["تکمیل سفارش"]


def test_visitors_are_sent_to_the_login_page(visitor):
    answers = [visitor.get(PAGE), visitor.post(PAGE, {"sms": ["paid"]})]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert NewsChoice.objects.count() == 0
