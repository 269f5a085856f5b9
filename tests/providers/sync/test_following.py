"""What a later list changes: costs, prices, bounds, pauses and their ends, each with its event."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.catalogue_changes import save_edited_service
from orders.models import Service, ServiceEvent
from providers.models import ImportRule, Route, SyncedService, UpstreamListing
from providers.sync.completing import NotUntold, complete_service
from providers.sync.running import Outcome, sync_provider
from tests.factories import make_provider, make_route, make_service
from tests.providers.sync.steps import (
    APPROVE,
    list_changes,
    list_proposals,
    look,
    route_of,
    service_of,
    set_rate,
    take_in,
)

GONE = "gone from the upstream's list"
BELOW = "its cost is above its price"


def test_a_list_that_stayed_the_same_changes_nothing(provider):
    take_in(provider, "Followers", "Views", "Packs")
    before = list(Service.objects.order_by("pk").values())
    events = ServiceEvent.objects.count()
    assert [sync_provider(provider.pk) for _ in range(2)] == [Outcome.DONE] * 2
    assert (list(Service.objects.order_by("pk").values()), ServiceEvent.objects.count()) == (before, events)


@pytest.mark.parametrize(("rate", "price"), [("5000", 6000), ("4000.01", 4900), ("0.5", 100)])
def test_a_new_cost_makes_a_new_price(provider, upstream, rate, price):
    take_in(provider, "Followers")
    upstream.tell(1, rate=rate)
    sync_provider(provider.pk)
    assert (look(1), route_of(1)) == ((price, True, ""), (Decimal(rate), True, False))
    assert list_changes(1) == [("price_changed", {"old": 5400, "new": price, "reason": "upstream"})]


def test_a_new_worth_of_the_currency_makes_new_prices(provider):
    take_in(provider, "Followers")
    set_rate(provider, 2)
    sync_provider(provider.pk)
    assert look(1) == (10800, True, "")


def test_a_new_margin_makes_new_prices(provider):
    take_in(provider, "Followers")
    ImportRule.objects.update(margin=100)
    sync_provider(provider.pk)
    assert look(1) == (9000, True, "")


def test_a_price_typed_by_hand_stays_until_the_cost_changes(provider, upstream):
    take_in(provider, "Followers")
    Service.objects.update(price=7777)
    sync_provider(provider.pk)
    assert look(1) == (7777, True, "")
    upstream.tell(1, rate="4600")
    sync_provider(provider.pk)
    assert look(1) == (5600, True, "")


def test_a_price_typed_below_cost_pauses(provider):
    take_in(provider, "Followers")
    Service.objects.update(price=4499)
    sync_provider(provider.pk)
    assert look(1) == (4499, False, BELOW)
    Service.objects.update(price=4500)
    sync_provider(provider.pk)
    assert look(1) == (4500, True, "")


def test_an_unreadable_cost_changes_nothing(provider, upstream):
    take_in(provider, "Followers")
    upstream.tell(1, rate="soon")
    sync_provider(provider.pk)
    assert (look(1), route_of(1), list_changes(1)) == ((5400, True, ""), (Decimal(4500), True, False), [])


def test_a_price_beyond_what_can_be_stored_pauses(provider, upstream):
    take_in(provider, "Followers")
    upstream.tell(1, rate="99999999999")
    sync_provider(provider.pk)
    assert look(1) == (5400, False, BELOW)
    upstream.tell(1, rate="4500")
    sync_provider(provider.pk)
    assert look(1) == (5400, True, "")


def test_bounds_follow(provider, upstream):
    take_in(provider, "Followers")
    upstream.tell(1, min=20, max=99)
    sync_provider(provider.pk)
    row = service_of(1)
    assert (row.min, row.max) == (20, 99)
    old, new = {"min": 50, "max": 10000}, {"min": 20, "max": 99}
    assert list_changes(1) == [("bounds_changed", {"old": old, "new": new, "reason": "upstream"})]


@pytest.mark.parametrize("bounds", [{"min": 9, "max": 5}, {"max": 0}])
def test_bounds_without_sense_change_nothing(provider, upstream, bounds):
    take_in(provider, "Followers")
    upstream.tell(1, **bounds)
    sync_provider(provider.pk)
    assert (service_of(1).min, service_of(1).max, list_changes(1)) == (50, 10000, [])


def test_a_service_that_left_pauses_and_comes_back(provider, upstream):
    take_in(provider, "Followers")
    upstream.drop(1)
    sync_provider(provider.pk)
    assert (look(1), route_of(1)) == ((5400, False, GONE), (Decimal(4500), False, True))
    upstream.bring_back(1)
    upstream.tell(1, rate="5000")
    sync_provider(provider.pk)
    assert (look(1), route_of(1)) == ((6000, True, ""), (Decimal(5000), True, False))
    assert [kind for kind, _data in list_changes(1)] == ["paused", "price_changed", "resumed"]


def test_what_an_operator_switched_off_stays_off(provider, upstream):
    take_in(provider, "Followers")
    Service.objects.update(active=False, pause_reason="")
    upstream.drop(1)
    sync_provider(provider.pk)
    upstream.bring_back(1)
    sync_provider(provider.pk)
    assert (look(1), list_changes(1)) == ((5400, False, ""), [])


def test_a_route_an_operator_switched_off_stays_off(provider, upstream):
    take_in(provider, "Followers")
    Route.objects.update(active=False)
    upstream.drop(1)
    sync_provider(provider.pk)
    upstream.bring_back(1)
    sync_provider(provider.pk)
    assert (route_of(1)[1:], look(1)) == ((False, False), (5400, True, ""))


def test_a_service_with_another_route_goes_on(provider, upstream):
    take_in(provider, "Followers")
    other = make_provider("http://127.0.0.1:1")
    make_route(service_of(1), other, "77", priority=20)
    upstream.drop(1)
    sync_provider(provider.pk)
    assert (look(1), route_of(1)[1:]) == ((5400, True, ""), (False, True))


def test_the_first_route_prices_a_service_with_several(provider, upstream):
    """Behind another provider's route, ours changes nothing but its cost; a dearer first one pauses."""
    take_in(provider, "Followers")
    first = make_route(service_of(1), make_provider("http://127.0.0.1:1"), "77", priority=1, cost=4000)
    upstream.tell(1, rate="6000", min=77)
    sync_provider(provider.pk)
    assert (look(1), route_of(1)[0], service_of(1).min) == ((5400, True, ""), Decimal(6000), 50)
    Route.objects.filter(pk=first.pk).update(cost=5401)
    sync_provider(provider.pk)
    assert look(1) == (5400, False, BELOW)


@pytest.mark.parametrize(("choice", "price"), [("priority", 5400), ("cost", 3600), ("health", 7200)])
def test_the_choice_of_routes_says_which_one_prices(provider, upstream, choice, price):
    """Of routes at 4,500, 3,000 and 6,000 at one provider."""
    take_in(provider, "Followers")
    for pk, rate in ((5, "3000"), (25, "6000")):
        upstream.tell(pk, rate=rate)
        make_route(service_of(1), provider, str(pk), priority=20)
    Service.objects.update(route_choice=choice)
    sync_provider(provider.pk)
    assert Service.objects.get().price == price


def test_a_service_made_by_hand_keeps_price_and_bounds(provider, upstream):
    make_route(make_service(price=3), provider, "1")
    make_route(make_service(), provider, "9999")  # sold there, though not listed
    sync_provider(provider.pk)
    assert (look(1), route_of(1), service_of(1).min) == ((3, True, ""), (Decimal(4500), True, False), 10)
    upstream.drop(1)
    sync_provider(provider.pk)
    assert look(1) == (3, False, GONE)
    upstream.bring_back(1)
    sync_provider(provider.pk)
    assert (look(1), look(9999), route_of(9999)[1]) == ((3, True, ""), (2000, True, ""), True)


def test_new_services_wait_for_review(provider, upstream):
    take_in(provider, "Followers")
    upstream.tell(900, name="More followers", category="Followers")
    sync_provider(provider.pk)
    states = UpstreamListing.objects.filter(state="new").values_list("upstream_service", flat=True)
    assert (list(states), Service.objects.count()) == (["900"], 1)


def test_new_services_of_an_eager_rule_are_sold(provider, upstream):
    take_in(provider, "Followers", import_new=True)
    upstream.tell(900, name="More followers", category="Followers", rate="100")
    upstream.tell(901, name="Elsewhere", category="Likes")
    sync_provider(provider.pk)
    assert (look(900), Service.objects.count()) == ((200, True, ""), 2)
    states = UpstreamListing.objects.filter(upstream_service__in=["900", "901"]).order_by("id")
    assert list(states.values_list("state", flat=True)) == ["imported", "new"]


def test_typed_figures_are_never_written_over(provider, upstream, monkeypatch):
    monkeypatch.setattr("providers.adapters.standard.StandardAdapter.lists_prices", False)
    take_in(provider, "Followers")
    figures = {"price": 5000, "min": 3, "max": 30, "type": "default", "kind": "follower"}
    complete_service(service_of(1).pk, figures)
    with pytest.raises(NotUntold):
        complete_service(service_of(1).pk, figures | {"price": 1})
    upstream.tell(1, rate="9999", min=1, max=9)
    sync_provider(provider.pk)
    row = service_of(1)
    assert (look(1), row.min, row.max, row.kind) == ((5000, True, ""), 3, 30, "follower")
    assert route_of(1)[0] is None
    upstream.drop(1)
    sync_provider(provider.pk)
    upstream.bring_back(1)
    sync_provider(provider.pk)
    assert look(1) == (5000, True, "")


def test_a_service_without_figures_stays_paused_when_it_comes_back(provider, upstream, monkeypatch):
    monkeypatch.setattr("providers.adapters.standard.StandardAdapter.lists_prices", False)
    take_in(provider, "Followers")
    upstream.drop(1)
    sync_provider(provider.pk)
    upstream.bring_back(1)
    sync_provider(provider.pk)
    assert (look(1)[1], SyncedService.objects.get().paused_for) == (False, "untold")


def test_figures_typed_in_the_services_own_form_do_as_well(provider, monkeypatch):
    monkeypatch.setattr("providers.adapters.standard.StandardAdapter.lists_prices", False)
    take_in(provider, "Followers")
    row = service_of(1)
    row.price, row.active = 4000, True
    save_edited_service(row)
    sync_provider(provider.pk)
    assert (look(1), SyncedService.objects.get().paused_for) == ((4000, True, ""), "")


def test_a_cost_that_waits_for_approval_becomes_a_proposal(provider, upstream):
    take_in(provider, "Followers", mode=APPROVE)
    upstream.tell(1, rate="4600")
    for _ in range(3):
        sync_provider(provider.pk)
    assert (look(1), route_of(1)[0]) == ((5400, True, ""), Decimal(4600))
    assert list_proposals() == [("1", 5400, 5600, "waiting")]


def test_while_a_proposal_waits_nothing_is_sold_below_cost(provider, upstream):
    take_in(provider, "Followers", mode=APPROVE)
    upstream.tell(1, rate="5401")
    sync_provider(provider.pk)
    assert (look(1), list_proposals()) == ((5400, False, BELOW), [("1", 5400, 6500, "waiting")])
    assert list_changes(1) == [("paused", {"reason": BELOW})]


def test_a_newer_cost_replaces_the_proposal_and_the_old_cost_ends_it(provider, upstream):
    take_in(provider, "Followers", mode=APPROVE)
    for rate in ("9000", "6000", "4500"):
        upstream.tell(1, rate=rate)
        sync_provider(provider.pk)
    assert look(1) == (5400, True, "")
    assert list_proposals() == [("1", 5400, 10800, "outdated"), ("1", 5400, 7200, "outdated")]


def test_one_whose_rule_is_gone_is_as_if_made_by_hand(provider, upstream):
    take_in(provider, "Followers")
    ImportRule.objects.all().delete()
    upstream.tell(1, rate="9000", max=77)
    sync_provider(provider.pk)
    assert (look(1), service_of(1).max) == ((5400, True, ""), 10000)


def test_the_changed_moment_moves_with_a_change(provider, upstream):
    take_in(provider, "Followers")
    long_ago = timezone.now() - timedelta(days=9)
    Service.objects.update(changed=long_ago)
    sync_provider(provider.pk)
    assert service_of(1).changed == long_ago
    upstream.tell(1, rate="5000")
    sync_provider(provider.pk)
    assert service_of(1).changed > long_ago
