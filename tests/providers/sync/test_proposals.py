"""Deciding about proposed prices: once, and never for a price below cost."""

import pytest

from orders.models import Service
from providers.models import PriceProposal, Route
from providers.sync.proposals import BelowCost, NotWaiting, approve_price, reject_price
from providers.sync.running import sync_provider
from tests.providers.sync.steps import APPROVE, list_changes, list_proposals, look, take_in
from tests.together import run_together

BELOW = "its cost is above its price"


@pytest.fixture
def dearer(provider, upstream):
    """Make a service of 5,400 toman dearer upstream: `dearer(rate)` gives its waiting proposal."""
    take_in(provider, "Followers", mode=APPROVE)

    def tell(rate):
        upstream.tell(1, rate=rate)
        sync_provider(provider.pk)
        return PriceProposal.objects.get(state="waiting")

    return tell


def test_an_approved_price_is_set(dearer, provider):
    proposal = dearer("4600")
    approve_price(proposal.pk, "boss")
    sync_provider(provider.pk)
    assert (look(1), list_proposals()) == ((5600, True, ""), [("1", 5400, 5600, "approved")])
    assert list_changes(1) == [("price_changed", {"old": 5400, "new": 5600, "reason": "approved"})]
    proposal.refresh_from_db()
    assert (proposal.decided_by, proposal.decided_at is None) == ("boss", False)


def test_an_approved_price_ends_the_pause(dearer):
    approve_price(dearer("9000").pk, "boss")
    assert look(1) == (10800, True, "")
    assert [kind for kind, _data in list_changes(1)] == ["paused", "price_changed", "resumed"]


def test_a_rejected_price_is_not_proposed_again(dearer, provider):
    reject_price(dearer("4600").pk, "boss")
    sync_provider(provider.pk)
    assert (look(1), list_proposals()) == ((5400, True, ""), [("1", 5400, 5600, "rejected")])


def test_a_rejected_price_leaves_a_service_below_cost_paused(dearer, provider):
    reject_price(dearer("9000").pk, "boss")
    sync_provider(provider.pk)
    assert look(1) == (5400, False, BELOW)
    Service.objects.update(price=9000)
    sync_provider(provider.pk)
    assert look(1) == (9000, True, "")


def test_a_price_below_the_cost_of_now_is_not_approved(dearer):
    proposal = dearer("4600")
    Route.objects.update(cost=5601)
    with pytest.raises(BelowCost):
        approve_price(proposal.pk, "boss")
    assert (look(1)[0], list_proposals()) == (5400, [("1", 5400, 5600, "waiting")])


@pytest.mark.parametrize("decide", [approve_price, reject_price])
def test_a_decision_is_final(dearer, decide):
    proposal = dearer("4600")
    decide(proposal.pk, "boss")
    before = list_proposals(), look(1)
    for late in (approve_price, reject_price):
        with pytest.raises(NotWaiting):
            late(proposal.pk, "late")
    assert (list_proposals(), look(1)) == before


@pytest.mark.django_db(transaction=True)
def test_of_decisions_at_once_one_counts(dearer):
    proposal = dearer("4600")
    answers = run_together(
        *[lambda: approve_price(proposal.pk, "boss")] * 3, *[lambda: reject_price(proposal.pk, "boss")] * 3
    )
    assert sorted(str(type(answer).__name__) for answer in answers) == ["NoneType"] + ["NotWaiting"] * 5
    state = PriceProposal.objects.get().state
    assert look(1)[0] == {"approved": 5600, "rejected": 5400}[state]
    assert len(list_changes(1)) == (state == "approved")
