"""The audit of budgets and likes: a clean book passes, and each kind of drift is told."""

import pytest
from django.db import connection, transaction

from campaigns.audit import BUDGETS, LIKES
from campaigns.models import Campaign, Like
from campaigns.rechecking import take_back_like
from campaigns.states import end_campaign
from panel.wallet.audit import find_drifts, open_snapshot
from panel.wallet.models import Account, Transfer
from tests.campaigns.steps import list_drifts, pay_likes
from tests.factories import make_campaign, make_class, make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    """One of 10 likes, two of them paid, one of these taken back; a stopped and a spent one beside it."""
    row = make_campaign(likes=10)
    pay_likes(row, 2)
    take_back_like(Like.objects.order_by("id").last().pk)
    stopped, spent = make_campaign(likes=3), make_campaign(make_class("coin", user_share=10), likes=2)
    pay_likes(stopped, 1)
    end_campaign(stopped.pk)
    pay_likes(spent, 2)
    row.refresh_from_db()
    return row


@pytest.fixture
def like(campaign):
    """Its like that stayed."""
    return Like.objects.get(campaign=campaign, check_state="")


@pytest.fixture
def taken(campaign):
    """Its like that was taken back."""
    return Like.objects.get(campaign=campaign, check_state="back")


def find(check):
    with open_snapshot():
        return list(find_drifts(check))


def change(rows, **values):
    """An update past the guards of the append-only book."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        assert rows.update(**values) == 1


def move(key, /, **values):
    """Change the transfer of that key."""
    change(Transfer.objects.filter(key=key), **values)


def told_of(check, start):
    """Whether exactly one drift is told and its line begins so."""
    lines = find(check)
    assert len(lines) == 1, lines
    return lines[0].startswith(start)


def test_a_book_with_all_that_happens_is_clean(campaign):
    assert list_drifts() == []


@pytest.mark.parametrize(
    "values",
    [
        *({"budget": 101}, {"likes": 2}, {"likes": 0}, {"likes_left": 8}, {"likes_left": 10}),
        *({"state": "ended", "likes_left": 0}, {"state": "pending", "likes_left": 1}),
    ],
)
def test_a_campaign_that_says_something_else_is_told(campaign, values):
    change(Campaign.objects.filter(pk=campaign.pk), **values)
    assert told_of(BUDGETS, f"campaign {campaign.pk}: ")


def test_a_budget_that_holds_something_else_is_told(campaign):
    change(Account.objects.filter(pk=campaign.account_id), balance=79)
    assert told_of(BUDGETS, f"campaign {campaign.pk}: ")


def test_a_closed_campaign_that_still_holds_something_is_told_once_its_rest_is_not_due(campaign):
    ended = Campaign.objects.filter(state="ended").order_by("id").first()
    change(Account.objects.filter(pk=ended.account_id), balance=5)
    assert told_of(BUDGETS, f"campaign {ended.pk}: ")
    change(Campaign.objects.filter(pk=ended.pk), rest_due=True)
    assert find(BUDGETS) == []


@pytest.mark.parametrize(
    "values",
    [{"amount": 99}, {"kind": "gift"}, {"key": "another"}, {"debit_id": 1}, {"credit_id": 1}],
)
def test_a_budget_that_was_not_moved_so_is_told(campaign, values):
    move(f"campaign:{campaign.pk}:budget", **values)
    assert told_of(BUDGETS, f"campaign {campaign.pk}: ")


def test_a_budget_in_another_currency_is_told(campaign):
    coin = make_class("coin")
    change(Campaign.objects.filter(pk=campaign.pk), campaign_class=coin)
    assert told_of(BUDGETS, f"campaign {campaign.pk}: ")


def test_likes_of_another_value_are_told_by_both(campaign, like):
    change(Like.objects.filter(pk=like.pk), house_share=6)
    assert told_of(BUDGETS, f"campaign {campaign.pk}: ")
    assert told_of(LIKES, f"like {like.pk}: ")


@pytest.mark.parametrize("side", ["user", "house"])
@pytest.mark.parametrize("values", [{"amount": 4}, {"kind": "gift"}, {"currency": "coin"}, {"debit_id": 1}])
def test_a_share_that_was_moved_otherwise_is_told(like, side, values):
    move(f"like:{like.pk}:{side}", **values)
    assert told_of(LIKES, f"like {like.pk}: ")


@pytest.mark.parametrize("side", ["user", "house"])
@pytest.mark.parametrize("values", [{"amount": 4}, {"kind": "gift"}, {"credit_id": 1}])
def test_a_share_that_came_back_otherwise_is_told(taken, side, values):
    move(f"like:{taken.pk}:back:{side}", **values)
    assert told_of(LIKES, f"like {taken.pk}: ")


def test_a_share_that_went_to_somebody_else_is_told(like):
    other = Account.objects.create(owner=make_customer(), currency="like", kind="wallet", balance=0)
    move(f"like:{like.pk}:user", credit_id=other.pk)
    assert told_of(LIKES, f"like {like.pk}: ")


def test_a_share_that_came_back_from_somebody_else_is_told(taken):
    other = Account.objects.create(owner=make_customer(), currency="like", kind="wallet", balance=0)
    move(f"like:{taken.pk}:back:user", debit_id=other.pk)
    assert told_of(LIKES, f"like {taken.pk}: ")


def test_a_like_of_a_coin_class_paid_in_likes_is_told(campaign):
    row = Like.objects.filter(campaign__campaign_class__payment_type="coin").first()
    move(f"like:{row.pk}:user", currency="like")
    assert told_of(LIKES, f"like {row.pk}: ")


def test_a_like_taken_back_whose_users_share_never_moved_is_told(taken):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM wallet_transfer WHERE key LIKE %s", [f"like:{taken.pk}:%user"])
    assert told_of(LIKES, f"like {taken.pk}: ")


def test_a_house_share_that_went_elsewhere_is_told(like):
    move(f"like:{like.pk}:house", credit_id=Account.objects.exclude(owner=None).first().pk)
    assert told_of(LIKES, f"like {like.pk}: ")


def test_a_share_out_of_another_campaigns_budget_is_told(campaign, like):
    other = Campaign.objects.exclude(pk=campaign.pk).first()
    for side in ("user", "house"):
        move(f"like:{like.pk}:{side}", debit_id=other.account_id)
    assert told_of(LIKES, f"like {like.pk}: ")


def test_a_like_taken_back_in_word_alone_is_told_and_one_in_money_alone(like, taken):
    change(Like.objects.filter(pk=like.pk), check_state="back")
    assert told_of(LIKES, f"like {like.pk}: ")
    change(Like.objects.filter(pk=like.pk), check_state="")
    change(Like.objects.filter(pk=taken.pk), check_state="kept")
    assert told_of(LIKES, f"like {taken.pk}: ")


def test_a_like_without_transfers_and_transfers_without_a_like_are_told(like):
    for side in ("user", "house"):
        move(f"like:{like.pk}:{side}", key=f"like:{like.pk + 1000}:{side}")
    assert {line.split(":")[0] for line in find(LIKES)} == {f"like {like.pk}", f"like {like.pk + 1000}"}


def test_a_transfer_of_a_like_under_a_key_that_names_none_is_told_and_breaks_nothing(like):
    move(f"like:{like.pk}:user", key="bonus")
    assert f"like {like.pk}: " in "".join(find(LIKES))
