"""Getting in by browser, for tests: passwords, codes by SMS, second factors."""

import re

from panel.accounts.login_codes import LoginCode
from sms.models import Message
from tests.panel.accounts.code_steps import let_pass
from tests.panel.dashboard.conftest import PASSWORD

LOGIN, CODE, SECOND = "/login/", "/login/code/", "/login/second/"


def log_in(browser, login, password=PASSWORD, **fields):
    return browser.post(LOGIN, {"username": login, "password": password} | fields)


def ask_code(browser, username, path=LOGIN, **fields):
    return browser.post(path, {"username": username} | fields)


def read_code():
    """The code of the newest SMS."""
    return re.search(r"\d{6}", Message.objects.latest("pk").text)[0]


def log_in_by_code(browser, username, path=LOGIN, **fields):
    """Ask, read the SMS, type the code in; what was asked before was a while ago."""
    if LoginCode.objects.exists():
        let_pass(121)
    ask_code(browser, username, path, **fields)
    return browser.post(CODE, {"code": read_code()})


def holder(browser):
    """The id of whom the browser is logged in as, or None."""
    found = browser.session.get("_auth_user_id") if "sessionid" in browser.cookies else None
    return int(found) if found else None
