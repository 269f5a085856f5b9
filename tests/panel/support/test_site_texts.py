"""The operator's terms and privacy statement: written in the admin, kept as safe HTML, found by language."""

import pytest

from panel.support.models import SiteText
from panel.support.site_texts import find_text
from tests.panel.admin_visits import enter_admin

pytestmark = pytest.mark.django_db
ADD = "/admin/support/sitetext/add/"


@pytest.fixture
def admin():
    return enter_admin(is_superuser=True)


def stored():
    return list(SiteText.objects.order_by("pk").values_list("slug", "language", "text"))


def test_what_is_written_is_kept_clean(admin):
    text = '<p>Be <b>kind</b>.</p><script>x</script><a href="javascript:x" onclick="x">no</a>'
    answer = admin.post(ADD, {"slug": "terms", "language": "en", "text": text})
    assert answer.status_code == 302
    assert stored() == [("terms", "en", '<p>Be <b>kind</b>.</p><a rel="nofollow noopener">no</a>')]


@pytest.mark.parametrize("text", ["", "   ", "<p></p>", "<script>x</script>"])
def test_a_text_without_words_is_refused(admin, text):
    answer = admin.post(ADD, {"slug": "terms", "language": "en", "text": text})
    assert (answer.status_code, stored()) == (200, [])


def test_there_is_one_of_each(admin):
    for text in ("first", "second"):
        answer = admin.post(ADD, {"slug": "privacy", "language": "fa", "text": text})
    assert (answer.status_code, stored()) == (200, [("privacy", "fa", "first")])


def test_changing_it_moves_its_date(admin):
    row = SiteText.objects.create(slug="terms", language="fa", text="old")
    address = f"/admin/support/sitetext/{row.pk}/change/"
    assert admin.post(address, {"slug": "terms", "language": "fa", "text": "new"}).status_code == 302
    changed = SiteText.objects.get()
    assert (changed.text, changed.changed > row.changed) == ("new", True)


def test_the_reader_s_language_comes_before_the_other_one():
    assert find_text("terms", "en") is None
    persian = SiteText.objects.create(slug="terms", language="fa", text="متن")
    SiteText.objects.create(slug="privacy", language="en", text="other page")
    assert find_text("terms", "en") == persian
    english = SiteText.objects.create(slug="terms", language="en", text="words")
    assert (find_text("terms", "en"), find_text("terms", "fa")) == (english, persian)
