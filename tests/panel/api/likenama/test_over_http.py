"""Over real HTTP to real web processes: the whole journey of two people, and calls at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.db import connection

from campaigns.covers import look_for_covers
from campaigns.liking import read_credit
from campaigns.models import Bundle, BundlePurchase, Campaign, Like, Product
from campaigns.states import approve_campaign
from campaigns.stock import import_codes
from panel.accounts.models import ApiToken, SocialIdentity
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from panel.wallet.models import Account
from tests.factories import give, make_campaign, make_class, make_customer, make_key
from tests.panel.api.likenama.conftest import ACCEPT, HOME, NOT_FOUND, PICTURE
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def serve(sandbox_url):
    """Web processes that ask the sandbox and take HOME for their address; where they really are."""
    played = {
        "BASE_URL": HOME,
        "INSTAGRAM_AUTHORIZE_URL": f"{sandbox_url}/instagram/oauth/authorize",
        "INSTAGRAM_TOKEN_URL": f"{sandbox_url}/instagram/oauth/access_token",
        "INSTAGRAM_API_URL": f"{sandbox_url}/instagram/v1",
        "BAZAAR_URL": f"{sandbox_url}/bazaar/devapi/v2/api",
        "LIKE_CHECK_SECONDS": 30,
        "BAZAAR_SECONDS": 30,
        "INSTAGRAM_SECONDS": 30,
    }
    with running_web(**played) as web:
        connection.close()
        yield web.url


def list_drifts():
    with open_snapshot():
        return [line for check in (*WALLET_CHECKS, *list_added_checks()) for line in find_drifts(check)]


class App:
    """A client written for the document; only the host is ours."""

    def __init__(self, host, token=""):
        self.host = host
        self.token = token

    def log_in(self, username):
        """The web view's way: to Instagram, allow, back, and the tokens out of the last address."""
        view = requests.Session()
        there = self._follow(view, f"{self.host}/users/auth/instagram")
        assert view.get(there, timeout=60).status_code == 200
        address, _, query = there.partition("?")
        form = dict(parse_qsl(query)) | {"username": username}
        back = view.post(address, data=form, allow_redirects=False, timeout=60).headers["Location"]
        assert back.startswith(f"{HOME}/users/")
        last = urlsplit(self._follow(view, back.replace(HOME, self.host)))
        assert (last.path, view.get(f"{self.host}{last.path}", timeout=60).status_code) == ("/session", 200)
        self.token, _, self.access_token = last.fragment.removeprefix("token=").partition(".")
        return self

    def call(self, method, path, content=None):
        headers = {
            "Accept": ACCEPT,
            "Authorization": self.token,
            "User-Agent": "Likenama/1.0 Android/6.0",
        }
        answer = requests.request(
            method, f"{self.host}/api/{path}", json=content, headers=headers, timeout=60
        )
        assert answer.history == []
        return answer.status_code, answer.json() if answer.content else None

    def like(self, campaign_id, access_token):
        return self.call("POST", f"campaigns/{campaign_id}/like", {"like": {"access_token": access_token}})

    def buy(self, sku, token):
        return self.call("POST", f"bundles/{sku}/purchase", {"bundle": {"purchase_token": token}})

    def _follow(self, view, url):
        answer = view.get(url, allow_redirects=False, timeout=60)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def do_together(*works):
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


def test_the_whole_journey_of_two_people(played, clean_redis):
    """Log in, buy coins, make a campaign, have it approved, be liked by somebody else, buy with what was earned."""
    kind = make_class("coin", user_share=6)
    Bundle.objects.create(bazaar_sku="lurline", price=3_000, coins=100, free_coins=20)
    product = Product.objects.create(title="Top-up", price=6)
    import_codes(product, b"AAA-1\n")
    with serve(played) as host:
        owner, liker = App(host).log_in("sara.ahmadi"), App(host).log_in("reza_karimi")
        assert owner.buy("lurline", "good-1") == (201, None)
        assert owner.call("GET", "campaigns/new")[1]["campaign_classes"][0]["id"] == kind.pk
        campaign = {"campaign_class_id": str(kind.pk), "target_url": PICTURE, "budget": "100"}
        assert owner.call("POST", "campaigns", {"campaign": campaign}) == (201, None)
        assert liker.call("GET", "campaigns/next")[0] == 404
        look_for_covers()
        approve_campaign(Campaign.objects.get().pk)
        shown = liker.call("GET", "campaigns/next")[1]["campaign"]
        assert (shown["coin_user_share"], shown["like_user_share"]) == (6, 0)
        assert shown["cover"].startswith(f"{HOME}/covers/")
        picture = requests.get(shown["cover"].replace(HOME, host), timeout=60)
        assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
        user = {"username": "reza_karimi", "like_credit": 0, "coin_credit": 6}
        assert liker.like(shown["id"], liker.access_token) == (200, {"user": user})
        assert liker.call("GET", "users/self") == (200, {"user": user})
        assert liker.call("GET", "campaigns/next") == (404, {"errors": {"base": [NOT_FOUND]}})
        (row,) = owner.call("GET", "campaigns")[1]["campaigns"]
        assert (row["status"], row["budget"], row["total_likes"]) == ("در حال نمایش", 100, 1)
        assert liker.call("POST", f"products/{product.pk}/purchase")[1]["detail"]["code"] == "AAA-1"
        assert liker.call("GET", "users/self")[1]["user"]["coin_credit"] == 0
    assert list_drifts() == []


def test_fifty_likes_at_once_on_a_campaign_that_pays_twenty(played, clean_redis):
    campaign = make_campaign(likes=20)
    likers = [make_customer() for _ in range(50)]
    keys = [make_key(liker, ApiToken.Contract.LIKENAMA) for liker in likers]
    with serve(played) as host:
        answers = do_together(
            *(lambda key=key: App(host, key).like(campaign.pk, "like-token") for key in keys)
        )
    spent = (422, {"errors": {"base": ["بودجه این کمپین به پایان رسیدهاست"]}})
    assert (sum(status == 200 for status, _ in answers), answers.count(spent)) == (20, 30)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.likes, campaign.likes_left) == ("ended", 20, 0)
    assert Account.objects.get(pk=campaign.account_id).balance == 0
    assert sum(read_credit(liker.pk).like for liker in likers) == 100
    assert list_drifts() == []


def test_one_like_sent_twenty_times_at_once_is_paid_once(played, clean_redis):
    campaign, liker = make_campaign(), make_customer()
    key = make_key(liker, ApiToken.Contract.LIKENAMA)
    with serve(played) as host:
        do_together(*[lambda: App(host, key).like(campaign.pk, "like-token")] * 20)
    assert (Like.objects.count(), read_credit(liker.pk).like) == (1, 5)
    assert list_drifts() == []


def test_a_purchase_token_sent_by_two_people_at_once_is_credited_once(played, clean_redis):
    Bundle.objects.create(bazaar_sku="lurline", price=3_000, coins=100, free_coins=20)
    buyers = [make_customer() for _ in range(2)]
    apps = [make_key(buyer, ApiToken.Contract.LIKENAMA) for buyer in buyers]
    with serve(played) as host:
        for number in range(10):
            works = [lambda key=key, n=number: App(host, key).buy("lurline", f"good-{n}") for key in apps * 2]
            answers = do_together(*works)
            # The winner's second call hears that it is paid; the other person never does.
            assert sorted(status for status, _ in answers) == [201, 201, 422, 422]
    assert sum(read_credit(buyer.pk).coin for buyer in buyers) == 1_200
    assert BundlePurchase.objects.filter(state="credited").count() == 10
    assert list_drifts() == []


def test_ten_logins_of_one_new_person_at_once_make_one_customer(played, clean_redis):
    with serve(played) as host:
        apps = do_together(*[lambda: App(host).log_in("somebody.new")] * 10)
        assert [app.call("GET", "users/self")[0] for app in apps] == [200] * 10
    assert (SocialIdentity.objects.count(), ApiToken.objects.count()) == (1, 10)
    assert len({app.token for app in apps}) == 10


def test_forty_buyers_at_once_of_ten_codes(played, clean_redis):
    product = Product.objects.create(title="Top-up", price=10)
    import_codes(product, "\n".join(f"CODE-{n}" for n in range(10)).encode())
    buyers = [make_customer() for _ in range(40)]
    for buyer in buyers:
        give(buyer, 10, "coin")
    keys = [make_key(buyer, ApiToken.Contract.LIKENAMA) for buyer in buyers]
    with serve(played) as host:
        path = f"products/{product.pk}/purchase"
        answers = do_together(*(lambda key=key: App(host, key).call("POST", path) for key in keys))
    codes = [body["detail"]["code"] for status, body in answers if status == 200]
    assert sorted(codes) == sorted(f"CODE-{n}" for n in range(10))
    assert sum(answer == (404, {"errors": {"base": [NOT_FOUND]}}) for answer in answers) == 30
    assert sum(read_credit(buyer.pk).coin for buyer in buyers) == 300
    assert list_drifts() == []
