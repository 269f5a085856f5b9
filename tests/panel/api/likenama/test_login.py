"""Login through Instagram, played by the sandbox: the way there and back, both documented failures, linking."""

from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import redis
import requests
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from panel.accounts.identities import find_identity, link_identity
from panel.accounts.models import ApiToken, Customer, LoginTry, SocialIdentity
from panel.rewards.models import Referral
from panel.rewards.referrals import find_code
from tests.factories import make_customer
from tests.panel.api.likenama.conftest import HOME, Caller

START = "/users/auth/instagram"
CALLBACK = f"{START}/callback"
FAILED = f"{CALLBACK}#error"
NOT_IN = "The login did not work"
NOT_ALLOWED = "You did not allow the panel to see your Instagram account."
UNUSABLE = "The answer of Instagram could not be used"
pytestmark = pytest.mark.usefixtures("played", "db")


@pytest.fixture
def browser():
    """A browser that reads English."""
    return Client(headers={"Accept-Language": "en"})


def leave(browser, path=START):
    """Where the browser is sent by `path`."""
    answer = browser.get(path)
    assert answer.status_code == 302, answer.content
    return answer.headers["Location"]


def decide(address, **choice):
    """What the buttons of Instagram's page do; the path and query that the browser comes back to."""
    parts = urlsplit(address)
    form = dict(parse_qsl(parts.query)) | choice
    url = f"{parts.scheme}://{parts.netloc}{parts.path}"
    back = requests.post(url, data=form, allow_redirects=False, timeout=30).headers["Location"]
    assert back.startswith(f"{HOME}/users/")
    return back.removeprefix(HOME)


def log_in(browser, username="sara.ahmadi"):
    """Go there and come back; where the browser ends."""
    return leave(browser, decide(leave(browser), username=username))


def read_tokens(address):
    """`(app's, provider's)` of `/session#token=…`."""
    assert address.startswith("/session#token=")
    return tuple(address.removeprefix("/session#token=").split(".", 1))


class TestStarting:
    @pytest.mark.parametrize("path", [START, f"{START}/"])
    def test_it_leads_to_instagram_with_a_state_and_a_proof_key(self, browser, settings, path):
        address, query = leave(browser, path).split("?")
        given = {name: values[0] for name, values in parse_qs(query).items()}
        state, challenge = given.pop("state"), given.pop("code_challenge")
        assert (address, len(state), len(challenge)) == (settings.INSTAGRAM_AUTHORIZE_URL, 48, 43)
        assert given == {
            "client_id": "sandbox-client",
            "redirect_uri": f"{HOME}{CALLBACK}",
            "response_type": "code",
            "scope": "basic public_content likes",
            "code_challenge_method": "S256",
        }

    def test_the_cookie_is_short_lived_and_out_of_reach_of_scripts_and_other_sites(self, browser, settings):
        settings.SESSION_COOKIE_SECURE = True
        answer = browser.get(START)
        cookie = answer.cookies["instagram_errand"]
        assert {key: cookie[key] for key in ("httponly", "samesite", "secure", "path", "max-age")} == {
            "httponly": True,
            "samesite": "Lax",
            "secure": True,
            "path": START,
            "max-age": 600,
        }
        assert "no-store" in answer.headers["Cache-Control"]

    def test_each_time_another_state(self, browser):
        assert leave(browser) != leave(browser)

    def test_where_it_is_not_offered(self, browser, settings):
        settings.INSTAGRAM_CLIENT_ID = ""
        assert leave(browser) == FAILED


class TestComingBack:
    def test_a_new_person_gets_an_account_and_a_login_of_this_contract(self, browser):
        address = log_in(browser)
        token, provider_token = read_tokens(address)
        identity = SocialIdentity.objects.get()
        assert (identity.uid, identity.username) == ("46569725", "sara.ahmadi")
        assert provider_token.startswith("46569725.5106fe6.")
        row = ApiToken.objects.get()
        assert (row.customer_id, row.contract, row.use) == (identity.customer_id, "likenama", "access")
        assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)
        user = {"username": "sara.ahmadi", "like_credit": 0, "coin_credit": 0}
        assert Caller({"Authorization": token}).get("users/self") == (200, {"user": user})

    def test_the_same_person_again_gets_another_login_of_the_same_account(self, browser):
        first, second = (read_tokens(log_in(browser))[0] for _ in range(2))
        assert first != second
        assert [Caller({"Authorization": token}).get("users/self")[0] for token in (first, second)] == [
            200,
            200,
        ]
        assert Customer.objects.count() == 1

    def test_nobody_on_the_way_keeps_it_and_the_cookie_goes(self, browser):
        answer = browser.get(decide(leave(browser), username="sara.ahmadi"))
        assert "no-store" in answer.headers["Cache-Control"]
        cookie = answer.cookies["instagram_errand"]
        assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, START)
        assert "sessionid" not in answer.cookies

    def test_with_a_slash_behind_the_callback(self, browser):
        assert (
            leave(browser, decide(leave(browser), username="a").replace("callback?", "callback/?"))[:9]
            == "/session#"
        )

    def test_the_session_page_in_both_languages(self, browser):
        for path in ("/session", "/session/"):
            answer = browser.get(path)
            assert (answer.status_code, b"You are logged in" in answer.content) == (200, True)
            assert "no-store" in answer.headers["Cache-Control"]
        persian = Client(headers={"Accept-Language": "fa"}).get("/session")
        assert b'lang="fa" dir="rtl"' in persian.content

    def test_a_friends_link_counts_for_whoever_is_new(self, browser):
        friend = make_customer()
        Customer.objects.update(created=timezone.now() - timedelta(days=2))
        browser.get(f"/r/{find_code(friend.pk)}/")
        log_in(browser)
        assert Referral.objects.get().referrer == friend
        Referral.objects.all().delete()
        log_in(browser)  # not new any more
        assert Referral.objects.count() == 0

    def test_without_a_proof_key_where_the_provider_has_none(self, browser, settings):
        settings.INSTAGRAM_PKCE = False
        assert "code_challenge" not in leave(browser)
        read_tokens(log_in(browser))


class TestFailures:
    def test_the_person_did_not_allow_it(self, browser):
        back = decide(leave(browser), choice="deny")
        assert dict(parse_qsl(urlsplit(back).query))["error_reason"] == "user_denied"  # as documented
        answer = browser.get(back)
        assert (answer.status_code, NOT_ALLOWED in answer.content.decode()) == (200, True)
        assert f'href="{START}"' in answer.content.decode()
        assert answer.cookies["instagram_errand"].value == ""
        assert SocialIdentity.objects.count() == 0

    def test_as_the_document_spells_it(self, browser):
        query = (
            "error_reason=user_denied&error=access_denied&error_description=The+user+denied+your+request."
            "&state=feded9a3593be61a726d9a14fddadf7604de80eba540f12f"
        )
        assert NOT_ALLOWED in browser.get(f"{CALLBACK}?{query}").content.decode()

    def test_another_failure_of_theirs_without_their_words(self, browser):
        answer = browser.get(CALLBACK, {"error": "server_error", "error_description": "<b>Pay here"})
        assert "Instagram did not let you in." in answer.content.decode()
        assert all(words not in answer.content.decode() for words in ("<b>", "Pay here"))

    @pytest.mark.parametrize("path", [CALLBACK, f"{CALLBACK}/"])
    def test_the_page_that_failed_logins_end_at(self, browser, path):
        answer = browser.get(path)
        assert (answer.status_code, NOT_IN in answer.content.decode()) == (200, True)
        assert UNUSABLE in answer.content.decode()

    @pytest.mark.parametrize("state", ["", "0" * 48, "é", "x" * 5_000])
    def test_another_state(self, browser, state):
        back = dict(parse_qsl(urlsplit(decide(leave(browser), username="a")).query))
        answer = browser.get(CALLBACK, back | {"state": state})
        assert (answer.status_code, answer.headers["Location"]) == (302, FAILED)
        assert answer.cookies["instagram_errand"].value == ""
        assert (SocialIdentity.objects.count(), LoginTry.objects.count()) == (0, 0)

    def test_another_browser(self, browser):
        back = decide(leave(browser), username="a")
        assert leave(Client(), back) == FAILED

    def test_a_cookie_that_was_not_signed_by_us_or_is_too_old(self, browser, monkeypatch):
        back = decide(leave(browser), username="a")
        signed = browser.cookies["instagram_errand"].value
        browser.cookies["instagram_errand"] = signed[:-1] + ("A" if signed[-1] != "A" else "B")
        assert leave(browser, back) == FAILED
        browser.cookies["instagram_errand"] = signed
        monkeypatch.setattr("panel.api.likenama.login.ERRAND_SECONDS", -1)
        assert leave(browser, back) == FAILED
        assert SocialIdentity.objects.count() == 0

    def test_a_state_that_was_used(self, browser):
        first, second = leave(browser), None
        signed = browser.cookies["instagram_errand"].value
        read_tokens(leave(browser, decide(first, username="a")))
        browser.cookies["instagram_errand"] = signed
        second = decide(first, username="a")  # a fresh code for the same state
        assert leave(browser, second) == FAILED
        assert ApiToken.objects.count() == 1

    @pytest.mark.parametrize("code", ["", "x", "x" * 600, "\0"])
    def test_a_code_that_nobody_gave(self, browser, code):
        state = parse_qs(urlsplit(leave(browser)).query)["state"][0]
        answer = browser.get(CALLBACK, {"code": code, "state": state})
        assert (answer.status_code, answer.headers["Location"]) == (302, FAILED)

    @pytest.mark.parametrize("username", ["refused.one", "garbage.one"])
    def test_an_exchange_that_fails(self, browser, username):
        assert log_in(browser, username) == FAILED
        assert SocialIdentity.objects.count() == 0

    def test_an_exchange_that_takes_too_long(self, browser, settings):
        settings.INSTAGRAM_SECONDS = 2
        assert log_in(browser, "slow.one") == FAILED
        assert SocialIdentity.objects.count() == 0

    def test_another_proof_key(self, browser, monkeypatch):
        back = decide(leave(browser), username="a")
        monkeypatch.setattr(
            "panel.api.likenama.login._read_errand", lambda request: Fake(request.GET["state"])
        )
        assert leave(browser, back) == FAILED

    def test_a_locked_customer(self, browser):
        token = read_tokens(log_in(browser))[0]
        Customer.objects.update(is_active=False)
        assert log_in(browser) == FAILED
        assert ApiToken.objects.count() == 1
        assert Caller({"Authorization": token}).get("users/self")[0] == 401

    def test_too_many_exchanges_in_vain_of_one_address(self, browser, settings, sandbox):
        settings.LOGIN_TRIES = 2
        assert [log_in(browser, "refused.one") for _ in range(2)] == [FAILED] * 2
        assert log_in(browser) == FAILED  # Instagram is not asked any more
        assert (LoginTry.objects.count(), SocialIdentity.objects.count()) == (2, 0)
        other = Client(REMOTE_ADDR="203.0.113.9")
        assert read_tokens(log_in(other))

    def test_logins_that_succeed_are_not_counted(self, browser, settings):
        settings.LOGIN_TRIES = 1
        for _ in range(3):
            read_tokens(log_in(browser))
        assert LoginTry.objects.count() == 0

    def test_without_the_cache_it_still_works(self, browser, monkeypatch):
        def fail(*args):
            raise redis.ConnectionError

        monkeypatch.setattr(cache, "add", fail)
        read_tokens(log_in(browser))

    def test_neither_codes_nor_tokens_nor_states_are_logged(self, browser, caplog):
        caplog.set_level("DEBUG")
        state = parse_qs(urlsplit(leave(browser)).query)["state"][0]
        browser.get(CALLBACK, {"code": "secret-code", "state": state})
        tokens = read_tokens(log_in(browser))
        for secret in ("secret-code", state, *tokens):
            assert secret not in caplog.text
        assert "nobody was logged in by Instagram: refused (HTTP 400)" in caplog.text

    @pytest.mark.parametrize("path", [START, CALLBACK, "/session"])
    def test_nothing_to_post_to(self, browser, path):
        assert browser.post(path).status_code == 405


class TestLinking:
    @pytest.fixture
    def customer(self, browser):
        customer = make_customer()
        browser.force_login(customer)
        return customer

    def finish(self, browser, username="sara.ahmadi"):
        """Where the browser ends, and what it will be told there."""
        answer = browser.get(decide(leave(browser), username=username))
        told = [str(message) for message in answer.wsgi_request._messages]
        return answer.status_code, answer.headers["Location"], told[-1]

    def test_whoever_is_logged_in_links_the_account(self, customer, browser):
        words = "Your Instagram account sara.ahmadi is connected."
        assert self.finish(browser) == (302, "/earn/", words)
        assert find_identity(customer.pk).uid == "46569725"
        assert (Customer.objects.count(), ApiToken.objects.count()) == (1, 0)
        assert self.finish(browser) == (302, "/earn/", words)

    def test_one_of_somebody_else(self, customer, browser):
        other = make_customer()
        link_identity(other.pk, "46569725", "sara.ahmadi")
        status, address, words = self.finish(browser)
        assert (status, address, words.endswith("Nothing was changed.")) == (302, "/earn/", True)
        assert (find_identity(customer.pk), find_identity(other.pk).uid) == (None, "46569725")

    def test_a_second_one(self, customer, browser):
        link_identity(customer.pk, "1", "first")
        assert self.finish(browser)[2].endswith("Nothing was changed.")
        assert find_identity(customer.pk).uid == "1"

    def test_whoever_linked_it_logs_in_to_the_app_with_it(self, customer, browser):
        self.finish(browser)
        token = read_tokens(log_in(Client()))[0]
        assert ApiToken.objects.get().customer == customer
        assert Caller({"Authorization": token}).get("users/self")[0] == 200


class Fake:
    """An errand whose verifier is not the one that was promised."""

    verifier = "another"

    def __init__(self, state):
        self.state = state
