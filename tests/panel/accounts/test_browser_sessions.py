"""The session engine: one query a page, ended at once, and never brought back."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from panel.accounts.browser_sessions import (
    SessionStore,
    end_oldest_sessions,
    end_other_sessions,
    end_session,
    list_sessions,
    purge_sessions,
)
from panel.accounts.models import BrowserSession
from panel.lib.secrets import digest_token
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def open_browser(customer, **meta):
    browser = Client(**meta)
    browser.force_login(customer)
    return browser


def key_of(browser):
    return browser.cookies["sessionid"].value


def is_logged_in(browser):
    return browser.get("/mobile/").status_code == 200


def test_it_is_the_engine_in_use():
    assert import_module(django_settings.SESSION_ENGINE).SessionStore is SessionStore


def test_a_session_is_stored_with_whose_it_is_and_without_its_key():
    customer = make_customer()
    browser = open_browser(customer)
    row = BrowserSession.objects.get()
    assert (row.customer, row.how, bytes(row.digest)) == (customer, "password", digest_token(key_of(browser)))
    assert key_of(browser) not in str(BrowserSession.objects.values().get())
    left = row.expires_at - timezone.now()
    assert round(left.total_seconds() / 60) == django_settings.SESSION_COOKIE_AGE // 60


def test_what_is_written_is_read_again_and_a_made_up_key_is_not_taken_over():
    store = SessionStore()
    store["shown"] = 7
    store.save()
    assert SessionStore(store.session_key)["shown"] == 7
    made_up = SessionStore("a" * 32)
    assert (made_up.get("shown"), made_up.session_key) == (None, None)


def test_a_visitor_s_session_lives_an_hour():
    store = SessionStore()
    store["asked"] = 1
    store.save()
    left = BrowserSession.objects.get().expires_at - timezone.now()
    assert round(left.total_seconds() / 60) == 60


def test_a_session_that_is_over_opens_nothing_and_is_purged():
    browser = open_browser(make_customer())
    BrowserSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert is_logged_in(browser) is False
    open_browser(make_customer())
    assert (purge_sessions(), BrowserSession.objects.count()) == (1, 1)


def test_a_session_that_was_ended_is_not_brought_back_by_who_still_writes_to_it():
    store = SessionStore()
    store["shown"] = 7
    store.save()
    page = SessionStore(store.session_key)
    page["shown"] = 8
    BrowserSession.objects.all().delete()
    with pytest.raises(UpdateError):
        page.save()
    assert BrowserSession.objects.count() == 0


def test_another_key_for_the_same_session_ends_the_old_key():
    store = SessionStore()
    store["shown"] = 7
    store.save()
    old, row = store.session_key, BrowserSession.objects.get()
    page = SessionStore(old)
    page.cycle_key()
    page.save()
    assert (SessionStore(old).get("shown"), SessionStore(page.session_key).get("shown")) == (None, 7)
    assert BrowserSession.objects.get().pk == row.pk


def test_a_browser_is_noted_at_most_every_five_minutes_with_where_it_is():
    customer = make_customer()
    browser = open_browser(customer)
    is_logged_in(browser)
    assert BrowserSession.objects.get().address == ""
    late = timezone.now() - timedelta(minutes=5, seconds=1)
    BrowserSession.objects.update(last_seen=late)
    browser.get("/mobile/", REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Firefox/1 " + "x" * 400)
    row = BrowserSession.objects.get()
    assert (row.address, len(row.user_agent), row.last_seen > late) == ("192.0.2.7", 300, True)


def test_a_page_takes_one_query_for_its_session(django_assert_num_queries):
    key = key_of(open_browser(make_customer()))
    with django_assert_num_queries(1):
        store = SessionStore(key)
        assert store["_auth_user_backend"] == "panel.accounts.backends.MobileOrEmailBackend"
        store.touch()


def test_ending_one_ends_it_for_the_next_page_and_only_one_s_own():
    sara, omid = make_customer(), make_customer()
    first, second, other = open_browser(sara), open_browser(sara), open_browser(omid)
    (row,) = list_sessions(omid.pk)
    assert (end_session(sara.pk, row.pk), is_logged_in(other)) == (False, True)
    newest = list_sessions(sara.pk).first()
    assert end_session(sara.pk, newest.pk) is True
    assert (is_logged_in(first), is_logged_in(second)) == (True, False)


def test_all_others_end_together():
    sara = make_customer()
    browsers = [open_browser(sara) for _ in range(3)]
    kept = BrowserSession.objects.get(digest=digest_token(key_of(browsers[1])))
    assert end_other_sessions(sara.pk, kept.pk) == 2
    assert [is_logged_in(browser) for browser in browsers] == [False, True, False]


def test_beyond_so_many_the_ones_not_seen_for_longest_end(settings):
    settings.SESSIONS_PER_KEY = 2
    sara = make_customer()
    browsers = [open_browser(sara) for _ in range(3)]
    end_oldest_sessions(sara.pk)
    assert [is_logged_in(browser) for browser in browsers] == [False, True, True]


def test_a_new_password_ends_sessions_at_once():
    sara = make_customer()
    browser = open_browser(sara)
    sara.set_password("another-one-41")
    sara.save()
    assert (is_logged_in(browser), BrowserSession.objects.count()) == (False, 0)
