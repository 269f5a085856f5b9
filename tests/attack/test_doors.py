"""Every page, walked by the URL map: who is nobody gets in nowhere, and no form is taken from another site."""

import pytest

from tests.attack.addresses import list_admin_paths, list_pages
from tests.attack.rows import Watch
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser

pytestmark = pytest.mark.django_db
# Pages that visitors see, with what they answer to GET and to POST (405: the page takes none).
OPEN = {
    "instagram_login": (302, 405),
    "instagram_callback": (200, 405),
    "app_session": (200, 405),
    "cover": (404, 405),
    "index": (200, 405),
    "contract": (404, 405),
    "openapi": (404, 405),
    "postman": (404, 405),
    "set_language": (405, 302),
    "favicon": (302, 405),
    "robots": (200, 405),
    "home": (200, 200),
    "services": (200, 405),
    "service": (200, 405),
    "status": (200, 405),
    "terms": (200, 405),
    "privacy": (200, 405),
    "login": (200, 422),
    "login_code": (302, 302),
    "send_login_code": (405, 302),
    "second_step": (302, 302),
    "sign_up": (200, 422),
    "logout": (405, 302),
    "referral": (302, 405),
    "theme": (405, 400),
}
PAGES = list_pages()
SAFE = {405}  # the page takes no POST


def name(page):
    """Webhooks' pages are two: one of the reference, one of the customer's."""
    return "docs_webhooks" if page.route.startswith("api/docs/webhooks") else page.name


def test_a_visitor_gets_in_nowhere_but_where_everybody_may(theirs):
    visitor, watch, found = open_browser(), Watch(), {}
    for page in PAGES:
        path = page.fill(theirs)
        answers = [visitor.get(path), visitor.post(path)]
        places = {answer.headers.get("Location", "").partition("?")[0] for answer in answers}
        shut = places <= {"/login/", ""} and {answer.status_code for answer in answers} <= {302, 405}
        if not (shut and "/login/" in places) or page.name in OPEN:
            found[name(page)] = tuple(answer.status_code for answer in answers)
    assert found == OPEN | {"docs_webhooks": (200, 405)}
    assert watch.find_changed() == []


@pytest.mark.parametrize("who", ["customer", "staff"])
def test_no_form_is_taken_from_another_site(theirs, who):
    """Without the token every POST is refused, whoever's cookies come along; nothing is looked at before."""
    rights = {"is_staff": True, "is_superuser": True} if who == "staff" else {}
    browser = open_browser(make_customer(toman=100_000, **rights))
    browser.handler.enforce_csrf_checks = True
    watch = Watch()
    paths = [page.fill(theirs) for page in PAGES] + list_admin_paths()
    taken = {}
    for path in paths:
        status = browser.post(path, {"next": "/"}).status_code
        if status != 403:
            taken[path] = status
    assert {path: status for path, status in taken.items() if status not in SAFE} == {}
    assert watch.find_changed() == []


def test_a_form_with_another_sites_origin_is_refused_even_with_the_token(theirs):
    browser = open_browser(make_customer())
    browser.handler.enforce_csrf_checks = True
    token = browser.get("/tickets/new/").context["csrf_token"]
    form = {"csrfmiddlewaretoken": str(token), "theme": "dark"}
    assert browser.post("/theme/", form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post("/theme/", form, headers={"Origin": "http://testserver"}).status_code == 302
