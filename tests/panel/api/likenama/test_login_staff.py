"""Instagram's login opens the app's token and nothing else: no browser session, and so no admin."""

import pytest
from django.test import Client

from panel.accounts.identities import link_identity
from panel.accounts.models import ApiToken, BrowserSession
from tests.factories import make_customer
from tests.panel.api.likenama.test_login import log_in, read_tokens

pytestmark = pytest.mark.usefixtures("played", "db")


def test_staff_are_logged_in_to_the_app_and_not_to_the_admin():
    staff = make_customer(is_staff=True, is_superuser=True)
    link_identity(staff.pk, "46569725", "sara.ahmadi")
    browser = Client()
    token, _theirs = read_tokens(log_in(browser))
    assert (bool(token), ApiToken.objects.get().customer) == (True, staff)
    assert browser.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert BrowserSession.objects.exclude(customer=None).count() == 0
