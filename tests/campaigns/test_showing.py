"""Which campaign comes next: never one that is not for this person, and none that waits for ever."""

import random
from copy import copy

import pytest
from django.db import transaction

from campaigns import showing
from campaigns.liking import pay_verified
from campaigns.models import Campaign, Like
from campaigns.reporting import report_campaign
from campaigns.showing import HEAD, find_next
from campaigns.states import end_campaign, mark_gone, pause_for_review, reject_campaign
from panel.accounts.models import Customer
from panel.wallet.models import Account
from tests.campaigns.steps import ADDRESS, pay_likes, refusal_of
from tests.factories import make_campaign, make_class, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db
USERS, CAMPAIGNS, ROUNDS = 1000, 500, 3


def make_many(count):
    """That many shown campaigns of a stranger, copies of one that paid."""
    model = make_campaign(likes=100_000)
    accounts = Account.objects.bulk_create(
        Account(owner_id=model.owner_id, currency="like", kind="budget", balance=0) for _ in range(count - 1)
    )
    copies = [copy(model) for _ in accounts]
    for number, (row, account) in enumerate(zip(copies, accounts, strict=True)):
        row.pk, row.account_id, row.turn, row.place = None, account.pk, number, random.random()
    return [model, *Campaign.objects.bulk_create(copies)]


def note_like(customer, campaign):
    """A like, without its money."""
    Like.objects.create(campaign=campaign, customer=customer, user_share=5, house_share=5)


def test_what_is_shown_is_told_as_it_is():
    kind = make_class("coin", waiting=15, has_description=True)
    campaign = make_campaign(kind)
    Campaign.objects.update(description="See this")
    shown = find_next(make_customer().pk)
    assert (shown.id, shown.payment_type, shown.waiting, shown.cover) == (campaign.pk, "coin", 15, None)
    assert (shown.share_in("coin"), shown.share_in("like"), shown.description) == (5, 0, "See this")


def test_never_ones_own_a_liked_a_reported_or_the_skipped_one():
    person = make_customer()
    make_campaign(owner=person)
    liked, reported, skipped = make_campaign(), make_campaign(), make_campaign()
    pay_verified(person.pk, liked, ADDRESS)
    report_campaign(person.pk, reported.pk)
    assert [find_next(person.pk).id for _ in range(3)] == [skipped.pk] * 3
    assert refusal_of(find_next, person.pk, skip=skipped.pk) == "unknown"
    assert find_next(make_customer().pk).id != skipped.pk


@pytest.mark.parametrize(
    "close",
    [end_campaign, mark_gone, pause_for_review, lambda pk: reject_campaign(pk, "no")],
    ids=["ended", "gone", "paused", "rejected"],
)
def test_never_one_that_is_not_shown(close):
    campaign, person = make_campaign(), make_customer()
    assert find_next(person.pk).id == campaign.pk
    close(campaign.pk)
    assert refusal_of(find_next, person.pk) == "unknown"


def test_never_one_that_waits_for_review_or_is_spent():
    make_campaign(shown=False)
    pay_likes(make_campaign(likes=2), 2)
    assert refusal_of(find_next, make_customer().pk) == "unknown"


def test_all_take_turns():
    campaigns, person = [make_campaign() for _ in range(4)], make_customer()
    seen = [find_next(person.pk).id for _ in range(8)]
    assert seen == [row.pk for row in campaigns] * 2


def test_whoever_has_done_the_whole_head_gets_the_others():
    campaigns, person = make_many(HEAD + 3), make_customer()
    line = sorted(campaigns, key=lambda row: (row.turn, row.pk))
    for row in line[:HEAD]:
        note_like(person, row)
    undone = {row.pk for row in line[HEAD:]}
    seen = set()
    while seen != undone:
        found = find_next(person.pk).id
        assert found in undone
        seen.add(found)
        Campaign.objects.filter(pk__in=undone).update(turn=2**60)  # still behind the head
    for pk in undone:
        note_like(person, Campaign.objects.get(pk=pk))
    assert refusal_of(find_next, person.pk) == "unknown"


@pytest.mark.parametrize("start", [0.0, 0.5, 0.999999])
def test_the_search_by_place_goes_round(monkeypatch, start):
    campaigns, person = make_many(HEAD + 1), make_customer()
    Campaign.objects.update(place=0.25)
    last = max(campaigns, key=lambda row: (row.turn, row.pk))
    for row in campaigns:
        if row != last:
            note_like(person, row)
    monkeypatch.setattr(showing.random, "random", lambda: start)
    assert find_next(person.pk).id == last.pk


@pytest.mark.django_db(transaction=True)
def test_a_thousand_people_leave_none_of_five_hundred_campaigns_waiting():
    everyone = {row.pk for row in make_many(CAMPAIGNS)}
    names = [Customer(username=f"person-{number}", mobile=f"+9891200{number:05d}") for number in range(USERS)]
    people = [row.pk for row in Customer.objects.bulk_create(names)]
    dice, shown, liked = random.Random(7), set(), set()
    for _ in range(CAMPAIGNS * ROUNDS):
        person = dice.choice(people)
        found = find_next(person).id
        assert (person, found) not in liked
        shown.add(found)
        if dice.random() < 0.2:
            Like.objects.create(campaign_id=found, customer_id=person, user_share=5, house_share=5)
            liked.add((person, found))
    assert shown == everyone


@pytest.mark.django_db(transaction=True)
def test_people_who_ask_at_once_are_answered_and_turn_the_line():
    campaigns = {make_campaign().pk for _ in range(4)}
    people = [make_customer().pk for _ in range(8)]
    seen = run_together(*(lambda who=who: find_next(who).id for who in people))
    assert set(seen) <= campaigns


@pytest.mark.django_db(transaction=True)
def test_a_campaign_that_is_being_paid_is_shown_without_waiting():
    campaign, person = make_campaign(), make_customer()

    def ask():
        return find_next(person.pk).id

    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        assert run_together(ask) == [campaign.pk]
    before = Campaign.objects.get().turn
    ask()
    assert Campaign.objects.get().turn > before
