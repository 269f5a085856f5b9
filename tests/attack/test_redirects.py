"""Whatever sends a browser on sends it nowhere else: every page, every parameter that could name where to."""

import itertools
from urllib.parse import urlencode, urlsplit

import pytest

from panel.accounts.models import Customer
from tests.attack.addresses import list_admin_paths, list_pages
from tests.attack.possessions import MARK
from tests.factories import make_customer
from tests.panel.dashboard.conftest import PASSWORD, open_browser
from tests.panel.dashboard.entry_steps import log_in, log_in_by_code

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
TARGETS = [
    f"//{EVIL}",
    f"///{EVIL}",
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"https://{EVIL}",
    f"https://testserver@{EVIL}/",
    f"https://testserver.{EVIL}/",
    f"http://testserver\\@{EVIL}",
    f"\\\\{EVIL}",
    f"/\\{EVIL}",
    f"\\/{EVIL}",
    f"\t//{EVIL}",
    f" //{EVIL}",
    f"/\t/{EVIL}",
    f"/\n/{EVIL}",
    f"//\u3002{EVIL}",
    f"javascript:location='//{EVIL}'",
    f"data:text/html,<script>location='//{EVIL}'</script>",
    f"/%0d%0aLocation:https://{EVIL}",
]
NAMES = (
    "next",
    "url",
    "return",
    "redirect",
    "redirect_to",
    "return_to",
    "back",
    "continue",
    "goto",
    "r",
    "to",
)
# Instagram itself, where the first leads by its setting; the second would end the walk.
LEFT_OUT = {"instagram_login", "logout"}


def leads_away(answer):
    """Whether a browser would leave the site; backslashes are strokes to it, tabs and line breaks nothing."""
    if "Location" not in answer.headers:
        return False
    place = answer.headers["Location"].replace("\\", "/").strip()
    for blank in "\t\r\n":
        place = place.replace(blank, "")
    parts = urlsplit(place)
    return (parts.netloc or "testserver") != "testserver" or parts.scheme not in ("", "http", "https")


def list_faults(browser, paths):
    """Pages that led away, each asked with another target; logins, which all of them come to, get every one."""
    faults = []
    for path, target in zip(paths, itertools.cycle(TARGETS)):
        given = dict.fromkeys(NAMES, target) | {"theme": "dark", "language": "en"}
        headers = {"Referer": f"https://{EVIL}/"}
        for answer in (
            browser.post(path, given, headers=headers),
            browser.get(f"{path}?{urlencode(given)}", headers=headers),
        ):
            if leads_away(answer):
                faults.append((path, target, answer.headers["Location"]))
    return faults


def test_no_page_of_customers_leads_away(theirs):
    owner = Customer.objects.get(first_name=MARK)
    paths = [page.fill(theirs) for page in list_pages() if page.name not in LEFT_OUT]
    assert list_faults(open_browser(owner), paths) == []


def test_no_page_of_staff_leads_away(db):
    staff = make_customer(is_staff=True, is_superuser=True)
    paths = ["/admin/login/", "/admin/logout/", "/admin/", "/admin/nothing"]
    assert list_faults(open_browser(staff), [*paths, *list_admin_paths()[::25]]) == []


@pytest.mark.parametrize("target", TARGETS)
def test_where_a_login_leads_is_here(db, target):
    customer = make_customer(email="sara@example.com")
    customer.set_password(PASSWORD)
    customer.save()
    ways = [
        log_in(open_browser(), customer.email, next=target),
        log_in_by_code(open_browser(), customer.email, next=target),
        open_browser(customer).post("/theme/", {"theme": "dark", "next": target}),
        open_browser(customer).post("/language/", {"language": "en", "next": target}),
        open_browser(customer).get("/login/", {"next": target}),
        open_browser(customer).get("/signup/", {"next": target}),
        open_browser(customer).get("/admin/login/", {"next": target}),
    ]
    assert [leads_away(answer) for answer in ways] == [False] * len(ways)
