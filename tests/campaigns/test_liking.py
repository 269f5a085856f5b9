"""Liking: refusals in their order, one question to the provider with no transaction open, and no token kept."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import liking
from campaigns.liking import Credit, like_campaign, pay_verified
from campaigns.models import AddressDay, Campaign, Like, Pace
from campaigns.refusals import CampaignRefused
from campaigns.states import end_campaign, mark_gone, pause_for_review, reject_campaign
from panel.accounts.logins import name_address
from panel.wallet.house import house_balance
from panel.wallet.models import Account, Currency
from tests.campaigns.steps import (
    ADDRESS,
    budget_of,
    list_drifts,
    make_liker,
    pay_likes,
    purse_of,
    refusal_of,
)
from tests.factories import make_campaign, make_class, make_customer

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "like-token"
EXPIRED = "expired-token"
SARA, UNKNOWN_UID = "46569725", "123"


class Watched:
    """The verifier, which notes each question and whether a transaction was open."""

    def __init__(self, verifier, asked):
        self._verifier, self._asked = verifier, asked

    def __getattr__(self, name):
        def ask(*args):
            self._asked.append((name, connection.in_atomic_block))
            return getattr(self._verifier, name)(*args)

        return ask


@pytest.fixture
def asked(instagram, monkeypatch):
    """The questions that the provider was asked: (method, whether in a transaction)."""
    questions, really_open = [], liking.open_verifier
    monkeypatch.setattr(liking, "open_verifier", lambda: Watched(really_open(), questions))
    return questions


def like(liker, campaign, token=TOKEN):
    return like_campaign(liker.pk, campaign.pk, ADDRESS, token)


def dump_database():
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row::text FROM "{table}" row')  # noqa: S608 - names of ours
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows)


def count_paid():
    """(likes, paces, addresses) stored."""
    return Like.objects.count(), Pace.objects.count(), AddressDay.objects.count()


def test_a_like_is_split_between_liker_and_house(asked):
    campaign, liker = make_campaign(make_class(campaign_value=10, user_share=7), likes=10), make_customer()
    assert like(liker, campaign) == Credit(like=7, coin=0)
    campaign.refresh_from_db()
    assert (budget_of(campaign), campaign.likes, campaign.likes_left) == (90, 1, 9)
    assert house_balance(Account.Kind.SALES, Currency.LIKE) == 3
    assert asked == [("check_own_like", False)]
    assert list_drifts() == []


def test_a_coin_class_pays_in_coins_and_one_without_a_house_share_pays_all(asked):
    campaign, liker = make_campaign(make_class("coin", user_share=10)), make_customer()
    assert like(liker, campaign) == Credit(like=0, coin=10)
    assert house_balance(Account.Kind.SALES, Currency.COIN) == 0
    assert list_drifts() == []


def test_the_same_like_again_is_answered_alike_and_pays_and_asks_nothing(asked):
    campaign, liker = make_campaign(make_class(waiting=60)), make_customer()
    first = like(liker, campaign)
    assert [like(liker, campaign, token) for token in (TOKEN, "expired-token", None)] == [first] * 3
    end_campaign(campaign.pk)
    assert like(liker, campaign) == first
    assert (len(asked), count_paid()) == (1, (1, 1, 1))


def test_a_like_by_the_linked_account_needs_no_token(asked):
    campaign = make_campaign()
    liker, stranger, nobody = make_liker(SARA), make_liker(UNKNOWN_UID), make_customer()
    assert like(liker, campaign, None) == Credit(like=5, coin=0)
    assert refusal_of(like, stranger, campaign, None) == "not_liked"
    assert refusal_of(like, nobody, campaign, None) == "identity"
    assert asked == [("check_like_of", False)] * 2


CLOSING = {
    "unverified": lambda campaign: pause_for_review(campaign.pk),
    "unverified after": lambda campaign: reject_campaign(campaign.pk, "no"),
    "gone": lambda campaign: mark_gone(campaign.pk),
    "ended": lambda campaign: end_campaign(campaign.pk),
    "out_of_budget": lambda campaign: pay_likes(campaign, 2),
}


@pytest.mark.parametrize("word", CLOSING)
def test_a_campaign_that_is_not_shown_is_refused_by_its_state_without_a_question(asked, word):
    campaign, liker = make_campaign(likes=2), make_customer()
    CLOSING[word](campaign)
    assert refusal_of(like, liker, campaign) == word.split()[0]
    assert (asked, purse_of(liker)) == ([], 0)


def test_refusals_come_in_their_order_and_ask_nobody(asked, settings):
    """Everything is wrong at first; each line mends what was named, until the provider is asked."""
    settings.LIKES_PER_ADDRESS = 1
    kind = make_class(waiting=60, max_user_likes=1)
    campaign = make_campaign(kind)
    liker = campaign.owner
    Pace.objects.create(
        customer=liker, line=kind.line, last_at=timezone.now(), day=timezone.now().date(), likes=1
    )
    AddressDay.objects.create(address=name_address(ADDRESS), day=timezone.now().date(), likes=1)
    Campaign.objects.update(state="pending")

    def refused(token=EXPIRED):
        with pytest.raises(CampaignRefused) as caught:
            like(liker, campaign, token)
        return caught.value.code.value, caught.value.limit

    assert refusal_of(like_campaign, liker.pk, campaign.pk + 1, ADDRESS, TOKEN) == "unknown"
    assert refused() == ("own", 0)
    Campaign.objects.update(owner=make_customer())
    assert refused() == ("unverified", 0)
    Campaign.objects.update(state="available")
    assert refused() == ("soon", 60)
    Pace.objects.update(last_at=timezone.now() - timedelta(seconds=61))
    assert refused() == ("day", 1)
    Pace.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert refused() == ("address", 0)
    AddressDay.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert asked == []
    assert refused() == ("token", 0)
    assert refused("nolike-token") == ("not_liked", 0)
    assert like(liker, campaign) == Credit(like=5, coin=0)
    assert asked == [("check_own_like", False)] * 3


@pytest.mark.parametrize(
    ("token", "word"),
    [
        *(("expired-token", "token"), ("unheard-of", "token"), ("", "token"), ("a b\n", "token")),
        *(("توکن", "token"), ("x" * 600, "token"), ("nolike-token", "not_liked")),
        *(("garbage-token", "unclear"), ("slow-token", "unclear"), ("sandbox-app-token", "not_liked")),
    ],
)
def test_what_the_provider_does_not_clearly_confirm_pays_nothing(instagram, token, word):
    campaign, liker = make_campaign(), make_customer()
    assert refusal_of(like, liker, campaign, token) == word
    campaign.refresh_from_db()
    assert (count_paid(), purse_of(liker), campaign.state) == ((0, 0, 0), 0, "available")
    assert list_drifts() == []


def test_an_unreachable_provider_is_unclear(settings):
    settings.INSTAGRAM_API_URL = "http://127.0.0.1:1/v1"
    assert refusal_of(like, make_customer(), make_campaign()) == "unclear"
    settings.INSTAGRAM_API_URL = ""
    assert refusal_of(like, make_customer(), make_campaign()) == "unclear"
    assert count_paid() == (0, 0, 0)


def test_a_broken_answer_is_unclear(instagram):
    assert refusal_of(like, make_customer(), make_campaign(code="flaky1")) == "unclear"


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_picture_that_is_gone_makes_the_campaign_unavailable_and_the_rest_goes_back(instagram, token):
    campaign, liker = make_campaign(likes=10, code="gone1"), make_liker(SARA)
    pay_likes(campaign, 1)
    assert refusal_of(like, liker, campaign, token) == "gone"
    campaign.refresh_from_db()
    assert (campaign.state, budget_of(campaign), purse_of(campaign.owner)) == ("unavailable", 0, 90)
    assert list_drifts() == []


def test_the_days_count_begins_anew_and_never_goes_back(instagram):
    kind, liker = make_class(max_user_likes=2), make_customer()
    today = timezone.now().date()
    pay_verified(liker.pk, make_campaign(kind), ADDRESS)
    Pace.objects.update(day=today - timedelta(days=1), likes=2)
    pay_verified(liker.pk, make_campaign(kind), ADDRESS)
    assert Pace.objects.values_list("day", "likes").get() == (today, 1)
    # As for a statement that began before midnight and got its turn after it.
    Pace.objects.update(day=today + timedelta(days=1), likes=1)
    pay_verified(liker.pk, make_campaign(kind), ADDRESS)
    assert Pace.objects.values_list("day", "likes").get() == (today + timedelta(days=1), 2)
    assert refusal_of(pay_verified, liker.pk, make_campaign(kind), ADDRESS) == "soon"
    assert Like.objects.count() == 3


def test_people_of_one_ipv6_network_share_its_limit(settings):
    settings.LIKES_PER_ADDRESS = 1
    campaign = make_campaign()
    pay_verified(make_customer().pk, campaign, "2001:db8::1")
    assert refusal_of(pay_verified, make_customer().pk, campaign, "2001:db8::2:1") == "address"
    pay_verified(make_customer().pk, campaign, "2001:db8:0:1::1")


def test_the_sample_is_drawn_by_percent_within_the_hours(settings):
    settings.LIKE_RECHECK_HOURS = [1.0, 23.0]
    settings.LIKE_RECHECK_PERCENT = 0
    pay_likes(make_campaign(), 5)
    assert Like.objects.exclude(recheck_at=None).count() == 0
    settings.LIKE_RECHECK_PERCENT = 100
    pay_likes(make_campaign(), 5)
    drawn = Like.objects.exclude(recheck_at=None)
    assert drawn.count() == 5
    for row in drawn:
        assert timedelta(minutes=59) < row.recheck_at - row.created < timedelta(hours=23, minutes=1)


def test_the_token_is_kept_in_no_table_log_or_refusal(instagram, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "46569725.5106fe6.0123456789abcdef0123456789abcdef"
    campaign, liker = make_campaign(), make_customer()
    with pytest.raises(CampaignRefused) as caught:
        like(liker, campaign, secret)
    like(liker, campaign)
    dump = dump_database()
    assert campaign.target_code in dump
    for text in (dump, caplog.text, repr(caught.value), str(caught.value), repr(caught.value.__cause__)):
        assert (secret in text, TOKEN in text) == (False, False)
