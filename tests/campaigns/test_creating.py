"""Making a campaign: every refusal in its order leaves all as it was, and a wallet never pays more than it holds."""

import pytest

from campaigns.creating import MOST_BUDGET, create_campaign
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from panel.wallet.models import Account, Transfer
from tests.campaigns.steps import NAMED, budget_of, list_drifts, purse_of, refusal_of
from tests.factories import give, make_class, make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db
BAD_LINK = "javascript:alert(1)"
BAD_TEXT = {"phone": "x"}


@pytest.fixture
def owner():
    """Somebody with 100 in likes."""
    customer = make_customer()
    give(customer, 100)
    return customer


def count_rows():
    """(campaigns, accounts, transfers) there are."""
    return Campaign.objects.count(), Account.objects.count(), Transfer.objects.count()


def test_a_campaign_waits_for_review_with_its_budget_out_of_the_wallet(owner):
    kind = make_class(has_phone=True)
    texts = {"phone": "021 1234", "website": "http://a.example/"}
    campaign = create_campaign(owner.pk, kind.pk, "instagram.com/someone/p/CA2-Sn-n9YX?x=1", 95, texts)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.budget, campaign.likes, campaign.likes_left) == ("pending", 95, 0, 9)
    assert (campaign.target_url, campaign.target_code) == (NAMED, "CA2-Sn-n9YX")
    assert (campaign.phone, campaign.website, campaign.order_key) == ("021 1234", "", None)
    assert (campaign.look_at is None, campaign.reviewed_at) == (False, None)
    assert (purse_of(owner), budget_of(campaign)) == (5, 95)
    moved = Transfer.objects.get(kind="campaign")
    assert (moved.key, moved.currency) == (f"campaign:{campaign.pk}:budget", "like")


def test_a_coin_class_is_paid_in_coins(owner):
    give(owner, 30, "coin")
    create_campaign(owner.pk, make_class("coin").pk, NAMED, 30, {})
    assert (purse_of(owner, "coin"), purse_of(owner)) == (0, 100)


@pytest.mark.parametrize(
    ("class_off", "link", "budget", "texts", "seen"),
    [
        (1, BAD_LINK, 0, BAD_TEXT, ("unknown", "")),
        (0, BAD_LINK, 0, BAD_TEXT, ("target", "target_url")),
        (0, NAMED, 0, BAD_TEXT, ("budget_bad", "budget")),
        (0, NAMED, -10, BAD_TEXT, ("budget_bad", "budget")),
        (0, NAMED, "100", {}, ("budget_bad", "budget")),
        (0, NAMED, 50.0, {}, ("budget_bad", "budget")),
        (0, NAMED, True, {}, ("budget_bad", "budget")),
        (0, NAMED, None, {}, ("budget_bad", "budget")),
        (0, NAMED, 9, BAD_TEXT, ("budget_low", "budget")),
        (0, NAMED, MOST_BUDGET + 1, BAD_TEXT, ("funds", "budget")),
        (0, NAMED, 10**40, {}, ("funds", "budget")),
        (0, NAMED, MOST_BUDGET, BAD_TEXT, ("text_bad", "phone")),
        (0, NAMED, 100, {"phone": "1" * 33}, ("text_long", "phone")),
        (0, NAMED, MOST_BUDGET, {}, ("funds", "budget")),
        (0, NAMED, 101, {}, ("funds", "budget")),
    ],
)
def test_each_refusal_comes_in_its_order_and_changes_nothing(owner, class_off, link, budget, texts, seen):
    kind = make_class(has_phone=True)
    before = count_rows()
    with pytest.raises(CampaignRefused) as caught:
        create_campaign(owner.pk, kind.pk + class_off, link, budget, texts)
    assert (caught.value.code.value, caught.value.field) == seen
    assert (count_rows(), purse_of(owner)) == (before, 100)


def test_a_low_budget_is_told_what_a_like_costs(owner):
    with pytest.raises(CampaignRefused, match="budget_low") as caught:
        create_campaign(owner.pk, make_class(campaign_value=70).pk, NAMED, 69, {})
    assert caught.value.limit == 70


def test_somebody_without_a_wallet_has_no_funds():
    poor = make_customer()
    assert refusal_of(create_campaign, poor.pk, make_class().pk, NAMED, 10, {}) == "funds"
    assert Campaign.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_campaigns_at_once_from_a_wallet_for_three():
    owner, kind = make_customer(), make_class()
    give(owner, 30)
    outcomes = run_together(
        *(lambda: refusal_of(create_campaign, owner.pk, kind.pk, NAMED, 10, {}) for _ in range(20))
    )
    assert (outcomes.count(None), outcomes.count("funds")) == (3, 17)
    assert (Campaign.objects.count(), purse_of(owner)) == (3, 0)
    assert Account.objects.filter(kind="budget").count() == 3
    assert list_drifts() == []
