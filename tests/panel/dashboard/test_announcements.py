"""Announcements: who sees which, in both languages, until they are put away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.support.models import Announcement, PutAway
from tests.factories import make_key
from tests.panel.admin_visits import enter_admin, page_of, read
from tests.panel.dashboard.pages import find_all, read_text, read_texts

HTMX = {"HX-Request": "true"}


def announce(title="News", **fields):
    fields = {"title_fa": f"خبر {title}", "title_en": title, "text_fa": "متن", "text_en": "Text"} | fields
    return Announcement.objects.create(**fields)


def titles(browser, page="/"):
    return [
        read_text(one)
        for one in find_all(browser.get(page), "h2")
        if "id" in dict(one.attributes) and dict(one.attributes)["id"].startswith("announcement-")
    ]


def test_the_page_s_language_is_spoken(browser, persian):
    announce(text_en="<b>Bold</b> & plain", tone="warning")
    assert (titles(browser), titles(persian)) == (["News"], ["خبر News"])
    page = browser.get("/")
    assert read_texts(page, "div", class_="announcement-text") == ["Bold & plain"]
    assert len(find_all(page, "article", class_="announcement-warning")) == 1


def test_only_what_is_current_is_shown(browser):
    now, hour = timezone.now(), timedelta(hours=1)
    announce("now", ends_at=now + hour)
    announce("off", active=False)
    announce("later", starts_at=now + hour)
    announce("over", starts_at=now - 2 * hour, ends_at=now - hour)
    assert (titles(browser), titles(browser, "/announcements/")) == (["now"], ["now"])


def test_pinned_ones_come_first_and_home_shows_three(browser):
    announce("first", pinned=True)
    for number in range(4):
        announce(f"n{number}")
    assert titles(browser) == ["first", "n3", "n2"]
    assert titles(browser, "/announcements/") == ["n3", "n2", "n1", "n0", "first"]


def test_some_are_for_who_has_a_key(browser, customer):
    announce("for programs", audience="api")
    assert titles(browser) == []
    make_key(customer)
    assert titles(browser) == ["for programs"]
    customer.tokens.update(revoked_at=timezone.now())
    assert titles(browser) == []


def test_one_is_put_away_by_its_reader_alone(browser, stranger, customer):
    row = announce()
    address = f"/announcements/{row.pk}/dismiss/"
    assert browser.get(address).status_code == 405
    assert browser.post(address, {"next": "/"}).headers["Location"] == "/"
    assert browser.post(address, {"next": "https://evil.test/"}).headers["Location"] == "/announcements/"
    assert (titles(browser), titles(stranger), titles(browser, "/announcements/")) == ([], ["News"], ["News"])
    assert list(PutAway.objects.values_list("customer_id", flat=True)) == [customer.pk]
    part = stranger.post(address, headers=HTMX)
    assert (part.status_code, part.content, titles(stranger)) == (200, b"", [])


def test_what_one_does_not_see_can_not_be_put_away(browser, visitor):
    hidden = announce(active=False)
    assert browser.post(f"/announcements/{hidden.pk}/dismiss/").status_code == 404
    assert visitor.post(f"/announcements/{hidden.pk}/dismiss/").headers["Location"].startswith("/login/")
    assert PutAway.objects.count() == 0


def test_the_page_without_any_says_so_and_takes_few_queries(browser, django_assert_max_num_queries):
    assert "There is nothing to announce at the moment." in read_text(
        find_all(browser.get("/announcements/"), "main")[0]
    )
    for number in range(30):
        announce(str(number))
    with django_assert_max_num_queries(6):
        page = browser.get("/announcements/")
    assert len(find_all(page, "article")) == 25


FORM = {
    "tone": "info",
    "audience": "all",
    "title_fa": "خبر",
    "title_en": "News",
    "text_fa": "<script>x</script><b>سلام</b>",
    "text_en": "<a href='javascript:x'>hi</a>",
    "active": "on",
    "starts_at_0": "2026-01-01",
    "starts_at_1": "00:00",
}


def test_staff_write_them_and_only_safe_html_is_kept(db):
    staff = enter_admin("support.add_announcement", "support.view_announcement")
    assert staff.post(page_of(Announcement, "add"), FORM).status_code == 302
    row = Announcement.objects.get()
    assert (row.text_fa, row.text_en) == ("<b>سلام</b>", '<a rel="nofollow noopener">hi</a>')
    wrong = FORM | {"ends_at_0": "2025-01-01", "ends_at_1": "00:00"}
    page = staff.post(page_of(Announcement, "add"), wrong)
    assert (page.status_code, "It has to end after it begins." in page.content.decode()) == (200, True)


def test_staff_see_it_while_they_write_it(db):
    staff = enter_admin("support.add_announcement")
    preview = f"{page_of(Announcement)}preview/"
    assert "announcement-preview" in read(staff, page_of(Announcement, "add"))
    page = staff.post(preview, FORM | {"tone": "warning"})
    assert read_texts(page, "p", class_="announcement-title") == ["خبر", "News"]
    assert len(find_all(page, "div", class_="announcement-warning")) == 2
    assert "script" not in page.content.decode()
    assert (staff.get(preview).status_code, enter_admin().post(preview, FORM).status_code) == (405, 403)


@pytest.mark.parametrize("permission", ["support.view_announcement"])
def test_who_may_only_look_sees_its_page(db, permission):
    row = announce()
    assert "News" in read(enter_admin(permission), page_of(Announcement, "change", row.pk))
