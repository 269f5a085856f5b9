"""The next campaign, liking it with every failure of the document, and reporting it; Instagram is the sandbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.classes import replace_class
from campaigns.covers import look_for_covers
from campaigns.liking import read_credit
from campaigns.models import Campaign, Like, Pace
from campaigns.states import end_campaign, pause_for_review, reject_campaign
from panel.accounts.identities import link_identity
from tests.factories import make_campaign, make_class, make_customer
from tests.panel.api.likenama.conftest import HOME, NOT_FOUND, call, count_rows, make_caller, refuse, told

BAD_ACCESS = refuse(401, "ارتباط با اینستاگرام قطع شدهاست. دوباره وارد شوید")
NOT_LIKED = refuse(422, "این کمپین لایک نشده است")
OUT_OF_BUDGET = refuse(422, "بودجه این کمپین به پایان رسیدهاست")
NOT_APPROVED = refuse(422, "این کمپین به تایید مدیریت نرسیدهاست")
ENDED = refuse(422, "این کمپین به پایان رسیدهاست")
SOON = refuse(422, "بین هر لایک باید چند ثانیه صبر کنید")
GONE = refuse(422, "این کمپین دیگر موجود نیست")
UNCLEAR = refuse(503, "اینستاگرام پاسخ روشنی نداد؛ کمی بعد دوباره تلاش کنید")


def like(caller, campaign, access="like-token"):
    """The answer to a like with that access token."""
    return caller.post(f"campaigns/{campaign.pk}/like", {"like": {"access_token": access}})


def paid(like=0, coin=0):
    return 200, {"user": {"username": "phoebe", "like_credit": like, "coin_credit": coin}}


@pytest.mark.usefixtures("played")
class TestNext:
    def test_with_the_keys_of_the_document(self, caller):
        campaign = make_campaign(make_class("like", waiting=15, user_share=4))
        Campaign.objects.update(description="Look", phone="0912", website="http://a.example", address="Here")
        assert caller.get("campaigns/next") == (
            200,
            {
                "campaign": {
                    "id": campaign.pk,
                    "payment_type": "like",
                    "coin_user_share": 0,
                    "like_user_share": 4,
                    "waiting": 15,
                    "cover": None,
                    "description": "Look",
                    "phone": "0912",
                    "website": "http://a.example",
                    "address": "Here",
                }
            },
        )

    def test_one_that_pays_coins(self, caller):
        make_campaign(make_class("coin", user_share=3))
        shown = caller.get("campaigns/next")[1]["campaign"]
        assert [shown[key] for key in ("payment_type", "coin_user_share", "like_user_share")] == [
            "coin",
            3,
            0,
        ]

    def test_the_cover_is_an_absolute_address_of_ours(self, caller, client):
        make_campaign()
        assert look_for_covers() == 1
        digest = Campaign.objects.get().cover_id
        cover = caller.get("campaigns/next")[1]["campaign"]["cover"]
        assert cover == f"{HOME}/covers/{digest}"
        answer = client.get(f"/covers/{digest}")
        assert (answer.status_code, answer.content[:4]) == (200, b"\x89PNG")

    def test_without_any(self, caller):
        assert caller.get("campaigns/next") == refuse(404, NOT_FOUND)

    def test_never_one_s_own_a_liked_a_reported_or_one_that_is_not_shown(self, customer, caller):
        make_campaign(owner=customer)
        make_campaign(shown=False)
        end_campaign(make_campaign().pk)
        liked, reported, left = make_campaign(), make_campaign(), make_campaign()
        assert like(caller, liked)[0] == 200
        assert caller.post(f"campaigns/{reported.pk}/report") == (201, None)
        shown = {caller.get("campaigns/next")[1]["campaign"]["id"] for _ in range(5)}
        assert shown == {left.pk}


@pytest.mark.usefixtures("played")
class TestLiking:
    @pytest.mark.parametrize("payment_type", ["like", "coin"])
    def test_the_answer_tells_both_credits(self, caller, payment_type):
        campaign = make_campaign(make_class(payment_type))
        assert like(caller, campaign) == paid(**{payment_type: 5})
        assert (Like.objects.count(), Campaign.objects.get().likes) == (1, 1)

    def test_the_same_again_pays_nothing_more(self, customer, caller):
        campaign = make_campaign()
        assert [like(caller, campaign) for _ in range(3)] == [paid(like=5)] * 3
        assert like(caller, campaign, "nolike-token") == paid(like=5)
        assert (Like.objects.count(), read_credit(customer.pk).like) == (1, 5)

    def test_one_that_was_not_liked(self, caller):
        assert like(caller, make_campaign(), "nolike-token") == NOT_LIKED

    def test_the_budget_ran_out(self, caller):
        campaign = make_campaign(likes=1)
        assert like(make_caller(make_customer()), campaign)[0] == 200
        assert like(caller, campaign) == OUT_OF_BUDGET

    def test_it_waits_for_review_was_paused_or_was_rejected(self, caller):
        waiting, paused, rejected = make_campaign(shown=False), make_campaign(), make_campaign()
        pause_for_review(paused.pk)
        reject_campaign(rejected.pk, "no")
        for campaign in (waiting, paused, rejected):
            assert like(caller, campaign) == NOT_APPROVED

    def test_it_was_stopped(self, caller):
        campaign = make_campaign()
        end_campaign(campaign.pk)
        assert like(caller, campaign) == ENDED

    def test_too_soon_after_the_last_one_of_the_class(self, customer, caller):
        kind = make_class(waiting=60)
        first, second, third = (make_campaign(kind) for _ in range(3))
        assert like(caller, first) == paid(like=5)
        assert like(caller, second) == SOON
        newest = make_campaign(replace_class(kind, campaign_value=20))
        assert like(caller, newest) == SOON  # a new version is the same class
        assert like(caller, make_campaign()) == paid(like=10)  # another class has its own pace
        Pace.objects.filter(line=kind.line).update(last_at=timezone.now() - timedelta(seconds=60))
        assert like(caller, third) == paid(like=15)
        assert Like.objects.filter(customer=customer).count() == 3

    @pytest.mark.parametrize(
        "body",
        [
            {"like": {"access_token": "expired-token"}},
            {"like": {"access_token": ""}},
            {"like": {"access_token": " "}},
            {"like": {"access_token": "a" * 5_000}},
            {"like": {"access_token": "توکن"}},
            {"like": {"access_token": "a\nb"}},
            {"like": {"access_token": None}},
            {"like": {"access_token": 5}},
            {"like": {"access_token": ["like-token"]}},
            {"like": {}},
            {"like": "like-token"},
            {"access_token": "like-token"},
            {},
            None,
        ],
    )
    def test_an_access_token_that_is_no_good_or_missing(self, customer, caller, body):
        """Also for whoever linked an account: this contract asks with the token alone."""
        link_identity(customer.pk, "46569725", "sara.ahmadi")
        campaign = make_campaign()
        assert caller.post(f"campaigns/{campaign.pk}/like", body) == BAD_ACCESS
        assert Like.objects.count() == 0

    def test_its_picture_was_deleted(self, caller):
        campaign = make_campaign(code="gone-picture")
        assert like(caller, campaign, "like-token") == GONE
        campaign.refresh_from_db()
        assert (campaign.state, Like.objects.count()) == ("unavailable", 0)
        assert read_credit(campaign.owner_id).like == 1000  # the whole budget came back

    def test_a_picture_that_only_this_person_does_not_see_closes_nobody_s_campaign(self, caller):
        campaign = make_campaign()
        assert like(caller, campaign, "gone-token") == GONE
        campaign.refresh_from_db()
        assert (campaign.state, Like.objects.count()) == ("available", 0)

    def test_one_s_own(self, customer, caller):
        campaign = make_campaign(owner=customer)
        before = count_rows()
        assert like(caller, campaign) == refuse(422, "لایک کردن کمپین خودتان پاداشی ندارد")
        assert count_rows() == before

    def test_one_that_is_not_there(self, caller):
        assert caller.post("campaigns/999999/like", {"like": {"access_token": "like-token"}}) == refuse(
            404, NOT_FOUND
        )

    def test_the_likes_of_the_day_are_used_up(self, caller):
        kind = make_class(max_user_likes=1)
        first, second = make_campaign(kind), make_campaign(kind)
        assert like(caller, first)[0] == 200
        words = "به حداکثر تعداد لایک روزانه (1) رسیده‌اید؛ فردا ادامه دهید"
        assert like(caller, second) == refuse(422, words)

    def test_the_likes_of_the_address_are_used_up(self, caller, settings):
        settings.LIKES_PER_ADDRESS = 1
        first, second = make_campaign(), make_campaign()
        assert like(make_caller(make_customer()), first)[0] == 200
        assert like(caller, second) == refuse(422, "سهم لایک امروز شبکه شما تمام شده است؛ فردا ادامه دهید")

    @pytest.mark.parametrize(
        ("code", "token"), [("CA2-Sn-n9YX", "garbage-token"), ("flaky-one", "like-token")]
    )
    def test_an_answer_of_instagram_that_says_nothing(self, caller, code, token):
        campaign = make_campaign(code=code)
        assert like(caller, campaign, token) == UNCLEAR
        campaign.refresh_from_db()
        assert (campaign.state, Like.objects.count()) == ("available", 0)
        assert like(caller, make_campaign()) == paid(like=5)  # asked again, it is paid

    def test_an_answer_of_instagram_that_does_not_come(self, caller, settings):
        settings.LIKE_CHECK_SECONDS = 2
        assert like(caller, make_campaign(), "slow-token") == UNCLEAR
        assert Like.objects.count() == 0

    def test_without_an_instagram_to_ask(self, caller, settings):
        settings.INSTAGRAM_API_URL = ""
        assert like(caller, make_campaign()) == UNCLEAR

    def test_the_access_token_is_neither_kept_nor_logged(self, caller, caplog, played):
        caplog.set_level("DEBUG")
        assert like(caller, make_campaign(), "garbage-token") == UNCLEAR
        assert like(caller, make_campaign(), "expired-token") == BAD_ACCESS
        assert "-token" not in caplog.text


@pytest.mark.usefixtures("played")
class TestReporting:
    def test_once_201_then_200(self, caller):
        campaign = make_campaign()
        assert [caller.post(f"campaigns/{campaign.pk}/report") for _ in range(3)] == [
            (201, None),
            (200, None),
            (200, None),
        ]

    def test_enough_of_them_let_a_person_look_again(self, caller, settings):
        settings.REPORTS_TO_REVIEW = 2
        campaign = make_campaign()
        assert make_caller(make_customer()).post(f"campaigns/{campaign.pk}/report") == (201, None)
        assert caller.post(f"campaigns/{campaign.pk}/report/") == (201, None)
        assert like(caller, campaign) == NOT_APPROVED

    def test_one_s_own_one_that_nobody_saw_and_one_that_is_not_there(self, customer, caller):
        for campaign_id in (make_campaign(owner=customer).pk, make_campaign(shown=False).pk, 999_999):
            assert caller.post(f"campaigns/{campaign_id}/report") == refuse(404, NOT_FOUND)


def test_answers_without_a_body_have_no_type(caller):
    answer = call("POST", f"campaigns/{make_campaign().pk}/report", headers=caller.headers)
    assert (told(answer), answer.headers["Content-Length"]) == ((201, None), "0")
