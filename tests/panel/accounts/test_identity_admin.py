"""Accounts elsewhere in the admin: on the customer's page, and unlinked by who may."""

import pytest
from django.contrib.admin.models import LogEntry

from panel.accounts.identities import find_identity, link_identity
from panel.accounts.models import Customer, SocialIdentity
from tests.factories import make_customer
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def identity(db):
    link_identity(make_customer().pk, "777000111", "other.one")
    return link_identity(make_customer().pk, "46569725", "sara.ahmadi")


def unlink(browser, identity):
    return browser.post(f"{page_of(SocialIdentity)}{identity.pk}/unlink/", {"act": "1"}, follow=True)


def test_it_stands_on_the_customers_page(superuser, identity):
    html = read(superuser, page_of(Customer, "change", identity.customer_id))
    assert "46569725" in html
    assert page_of(SocialIdentity, "change", identity.pk) in html
    without = enter_admin("accounts.view_customer")
    assert "46569725" not in read(without, page_of(Customer, "change", identity.customer_id))


def test_it_is_found_by_what_it_is_called_and_whose_it_is(superuser, identity):
    for term in (
        "46569725",
        "sara.ahmadi",
        "@sara.ahmadi",
        identity.customer.mobile,
        identity.customer.username,
    ):
        assert found_ids(superuser, SocialIdentity, q=term) == [identity.pk], term
    assert found_ids(superuser, SocialIdentity, q="nobody") == []


def test_unlinking_is_written_down_and_lets_it_be_linked_anew(superuser, identity):
    answer = unlink(superuser, identity)
    assert answer.redirect_chain[-1][0] == page_of(Customer, "change", identity.customer_id)
    assert told(answer) == ["instagram sara.ahmadi is unlinked."]
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id) == (superuser.staff, str(identity.pk))
    assert (find_identity(identity.customer_id), unlink(superuser, identity).status_code) == (None, 404)
    assert link_identity(make_customer().pk, "46569725", "sara.ahmadi").uid == "46569725"


def test_only_who_may_unlinks(identity):
    watcher = enter_admin("accounts.view_socialidentity")
    assert "/unlink/" not in read(watcher, page_of(SocialIdentity, "change", identity.pk))
    assert unlink(watcher, identity).status_code == 403
    changer = enter_admin("accounts.view_socialidentity", "accounts.change_socialidentity")
    assert unlink(changer, identity).status_code == 403
    assert find_identity(identity.customer_id) == identity
