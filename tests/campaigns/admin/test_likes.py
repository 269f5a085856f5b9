"""Likes in the admin: looked at again when a person wants it, and taken back at most once."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.liking import pay_verified
from campaigns.models import Campaign, Like
from panel.accounts.identities import link_identity
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.ledger import read_balance
from tests.factories import make_campaign, make_customer
from tests.panel.admin_visits import enter_admin, page_of, read, told
from tests.panel.admin_visits import superuser as superuser
from tests.together import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def instagram(sandbox, settings):
    """The sandbox as the provider of pictures."""
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    settings.INSTAGRAM_APP_TOKEN = "sandbox-app-token"
    return sandbox


def make_like(code="CA2-Sn-n9YX", uid="46569725"):
    """A paid like of somebody with that account there."""
    liker, campaign = make_customer(), make_campaign(code=code)
    if uid:
        link_identity(liker.pk, uid, "somebody")
    pay_verified(liker.pk, campaign, "203.0.113.8")
    return Like.objects.get(customer=liker)


def act(browser, like, name):
    return browser.post(f"{page_of(Like)}{like.pk}/{name}/", {"act": "1"}, follow=True)


def refused(answer):
    return answer.context["blocks"][0]["form"].non_field_errors()


def spend(like):
    adjust_wallet(
        customer_id=like.customer_id, amount=-5, reason="t", key=f"spend:{like.pk}", currency="like"
    )


def test_a_like_that_is_still_there_stays_paid(superuser, instagram):
    like = make_like()
    assert told(act(superuser, like, "recheck")) == ["It is still there."]
    like.refresh_from_db()
    assert (like.check_state, read_balance(like.customer_id, "like")) == ("kept", 5)


def test_a_like_that_is_gone_goes_back_to_its_campaign_once(superuser, instagram):
    like = make_like("dropped-1")
    words = [told(act(superuser, like, "recheck")) for _ in range(2)]
    assert words == [["It is gone, and was taken back."], ["It was taken back before."]]
    like.refresh_from_db()
    campaign = Campaign.objects.get(pk=like.campaign_id)
    assert (like.check_state, campaign.likes, campaign.likes_left) == ("back", 0, 100)
    assert (read_balance(like.customer_id, "like"), LogEntry.objects.count()) == (0, 1)
    html = read(superuser, page_of(Like, "change", like.pk))
    assert ["/recheck/" in html, "/take-back/" in html] == [False, False]


def test_what_the_liker_has_spent_is_tried_again_by_itself(superuser, instagram):
    like = make_like("dropped-2")
    spend(like)
    assert told(act(superuser, like, "recheck")) == [
        "It is gone, but the liker has spent the share. It is tried again by itself."
    ]
    like.refresh_from_db()
    assert (like.check_state, like.recheck_at is not None) == ("gone", True)
    assert refused(act(superuser, like, "take-back")) == ["The liker has spent the share: nothing was taken."]


def test_no_clear_answer_takes_nothing(superuser, instagram):
    flaky, unknown = make_like("flaky-1"), make_like("NOBODY", uid=None)
    assert refused(act(superuser, flaky, "recheck")) == [
        "The provider gave no clear answer. It is asked again by itself."
    ]
    assert refused(act(superuser, unknown, "recheck")) == [
        "Nobody can be asked: the liker has no account there, or it is too late."
    ]
    assert [read_balance(like.customer_id, "like") for like in (flaky, unknown)] == [5, 5]
    assert LogEntry.objects.count() == 0


def test_taking_back_by_hand_happens_once(superuser):
    like = make_like()
    words = [told(act(superuser, like, "take-back")) for _ in range(2)]
    assert words == [["The like is taken back."], ["It was taken back before."]]
    assert (read_balance(like.customer_id, "like"), Campaign.objects.get().likes_left) == (0, 100)


@pytest.mark.django_db(transaction=True)
def test_two_operators_take_a_like_back_once():
    like = make_like()
    browsers = [enter_admin("campaigns.view_like", "campaigns.change_like") for _ in range(4)]
    path = f"{page_of(Like)}{like.pk}/take-back/"
    run_together(*(lambda b=browser: b.post(path, {"act": "1"}) for browser in browsers))
    words = sorted(message for browser in browsers for message in told(browser.get("/admin/")))
    assert words == ["It was taken back before."] * 3 + ["The like is taken back."]
    assert (read_balance(like.customer_id, "like"), Campaign.objects.get().likes_left) == (0, 100)
