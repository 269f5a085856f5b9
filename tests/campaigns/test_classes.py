"""Classes and their versions: a change of price never touches a campaign that runs."""

import pytest

from campaigns.classes import find_class, find_line, list_classes, replace_class, set_offered
from campaigns.creating import create_campaign
from campaigns.liking import pay_verified, read_credit
from campaigns.models import CampaignClass
from campaigns.refusals import CampaignRefused
from tests.campaigns.steps import ADDRESS, NAMED, budget_of, list_drifts, refusal_of
from tests.factories import give, make_campaign, make_class, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db
racing = pytest.mark.django_db(transaction=True)


def versions(line):
    """(version, current, campaign_value) of each, oldest first."""
    rows = CampaignClass.objects.filter(line=line).order_by("version")
    return list(rows.values_list("version", "current", "campaign_value"))


def test_a_replaced_class_has_a_next_version_with_all_else_as_it_was():
    old = make_class(line="likes", waiting=7, has_phone=True)
    new = replace_class(old, campaign_value=20, user_share=12)
    assert versions("likes") == [(1, False, 10), (2, True, 20)]
    assert (new.user_share, new.house_share, new.waiting, new.texts["phone"]) == (12, 8, 7, True)
    assert (find_line("likes"), list_classes()) == (new, [new])


def test_a_running_campaign_keeps_its_version():
    kind = make_class()
    campaign, liker = make_campaign(kind, likes=10), make_customer()
    replace_class(kind, campaign_value=50, user_share=50)
    pay_verified(liker.pk, campaign, ADDRESS)
    assert (budget_of(campaign), read_credit(liker.pk).like) == (90, 5)
    campaign.refresh_from_db()
    assert (campaign.likes, campaign.likes_left) == (1, 9)


def test_an_old_version_cannot_be_chosen():
    kind, owner = make_class(), make_customer()
    give(owner, 100)
    new = replace_class(kind, waiting=3)
    assert refusal_of(find_class, kind.pk) == "unknown"
    assert refusal_of(create_campaign, owner.pk, kind.pk, NAMED, 100, {}) == "unknown"
    assert refusal_of(replace_class, kind, waiting=9) == "unknown"
    assert create_campaign(owner.pk, new.pk, NAMED, 100, {}).campaign_class == new


def test_replacing_without_a_change_makes_no_version():
    kind = make_class(line="likes")
    assert replace_class(kind, waiting=0, campaign_value=10) == kind
    assert versions("likes") == [(1, True, 10)]


def test_the_pace_is_kept_over_versions():
    kind, liker = make_class(waiting=60), make_customer()
    pay_verified(liker.pk, make_campaign(kind), ADDRESS)
    new = replace_class(kind, campaign_value=20)
    assert refusal_of(pay_verified, liker.pk, make_campaign(new), ADDRESS) == "soon"


def test_a_class_taken_off_the_list_is_not_chosen_until_it_is_back():
    kind = make_class(line="likes")
    set_offered(kind, False)
    assert (list_classes(), refusal_of(find_line, "likes")) == ([], "unknown")
    set_offered(kind, True)
    assert list_classes() == [kind]


def test_only_the_newest_version_is_put_back_on():
    old = make_class(line="likes")
    new = replace_class(old, waiting=3)
    assert refusal_of(set_offered, old, True) == "unknown"
    set_offered(new, False)
    assert refusal_of(set_offered, old, True) == "unknown"
    set_offered(new, True)
    assert versions("likes") == [(1, False, 10), (2, True, 10)]


@racing
def test_replacing_twice_at_once_makes_one_next_version():
    kind = make_class(line="likes")
    works = [lambda value=value: replace_class(kind, campaign_value=value).version for value in range(20, 28)]
    outcomes = run_together(*works)
    refused = [outcome for outcome in outcomes if isinstance(outcome, CampaignRefused)]
    assert (len(refused), outcomes.count(2)) == (7, 1)
    assert [row[:2] for row in versions("likes")] == [(1, False), (2, True)]
    assert list_drifts() == []
