"""A real browser in front of the whole panel. Left out where there is no Chromium: `make setup-browser`."""

import pytest
from django.test.utils import setup_databases
from playwright.sync_api import sync_playwright

from scripts.setup_browser import find_browser
from tests.browser.pages import Browsing
from tests.browser.panel import running_panel
from tests.emptying import empty_tables
from tests.together import run_together

# Chromium looks up its maker's hosts at every start unless it is told not to.
QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync", "--no-first-run", "--disable-gpu"]
QUIET += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@pytest.fixture(scope="session")
def chromium_path():
    """Where the browser is."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium: make setup-browser installs it")
    return path


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_modify_db_settings, django_db_createdb, django_db_blocker
):
    """The tests' database. The plugin's own makes none where no test asks for one by mark, as here."""
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False, keepdb=not django_db_createdb)


@pytest.fixture(scope="session")
def panel(chromium_path, django_db_setup, django_db_blocker):
    """The whole panel with the demo's data, one for all tests: each makes customers of its own."""
    with django_db_blocker.unblock():
        empty_tables()  # what a killed run left
        with running_panel() as panel:
            yield panel
        empty_tables()


@pytest.fixture(scope="session")
def chromium(chromium_path, panel):
    """The browser, one for all tests.

    Started after the panel: Playwright keeps an event loop in this thread, in which Django's connections are others.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def in_database(panel):
    """Call a function that asks the database: in a thread of its own, outside Playwright's event loop."""

    def call(work):
        (answer,) = run_together(work)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return call


@pytest.fixture
def browse(chromium, panel):
    """Open windows of new browsers: `browse(language="en")` answers a Browsing, which is checked at the end.

    Whatever a page writes to the console as an error, breaks of the content policy, asks of another host or is
    answered with a 5xx fails the test.
    """
    opened = []

    def open_browsing(**wanted):
        browsing = Browsing(chromium, panel.url, **wanted)
        opened.append(browsing)
        return browsing

    yield open_browsing
    faults = [fault for browsing in opened for fault in browsing.faults]
    for browsing in opened:
        browsing.close()
    assert faults == []
