"""Importing an upstream's services: what is sold, at what price, and that twice is once."""

from decimal import Decimal

import pytest

from orders.models import MAX_PRICE, Category, Order, Service, ServiceEvent
from orders.services import place_order
from providers.models import ImportRule, Route, SyncedService, UpstreamListing
from providers.sync.importing import (
    import_listings,
    list_upstream_categories,
    name_obstacle,
    save_rule,
)
from providers.sync.running import Outcome, sync_provider
from tests.factories import make_customer
from tests.providers.steps import forward, list_states
from tests.providers.sync.steps import look, route_of, service_of, take_in, terms
from tests.together import run_together


def test_reading_the_list_sells_nothing(provider, upstream):
    assert sync_provider(provider.pk) is Outcome.DONE
    listed = set(UpstreamListing.objects.values_list("upstream_service", "state"))
    assert listed == {(str(pk), "listed") for pk in upstream if pk <= 25}
    assert (Service.objects.count(), Route.objects.count()) == (0, 0)


def test_the_categories_are_counted(provider):
    sync_provider(provider.pk)
    take_in(provider, "Likes")
    rows = {row["category"]: (row["count"], row["imported"]) for row in list_upstream_categories(provider.pk)}
    # Of both likes one is a subscription, which has no engine.
    assert (rows["Likes"], rows["Packs"], rows["Followers"]) == ((2, 1), (3, 0), (1, 0))


def test_a_service_is_made_as_the_rule_and_the_list_say(provider):
    assert take_in(provider, "Followers", kind="follower", margin=Decimal("12.5"), step=1000) == 1
    row = service_of(1)
    assert (row.name, row.type, row.kind, row.category.name) == (
        *("Followers", "default", "follower"),
        "our Followers",
    )
    # 4,500 and an eighth is 5,062.5, up to the next 1,000
    assert (row.price, row.min, row.max, row.active) == (6000, 50, 10000, True)
    assert (row.refill, row.cancel, row.dripfeed, row.description[:9]) == (True, True, True, "Followers")
    assert route_of(1) == (Decimal(4500), True, False)
    assert list(ServiceEvent.objects.values_list("service", "kind", "data")) == [
        (row.pk, "added", {"price": 6000, "min": 50, "max": 10000, "active": True})
    ]


def test_packages_are_priced_by_the_piece_as_the_upstream_does(provider):
    take_in(provider, "Packs", margin=Decimal(10), step=1)
    assert (look(6)[0], service_of(6).type) == (27500, "package")


def test_the_providers_currency_is_converted(provider, upstream):
    upstream.tell(2, rate="0.90")
    provider.rate = Decimal("61000.5")
    provider.save()
    take_in(provider, "Likes", margin=Decimal(0), step=1)
    assert (look(2)[0], route_of(2)[0]) == (54901, Decimal("0.90"))  # 54,900.45, up


def test_a_free_service_is_free(provider):
    take_in(provider, "Views")
    assert look(4)[0] == 0


def test_an_imported_service_is_ordered_and_forwarded(provider):
    take_in(provider, "Likes")
    customer = make_customer(10_000)
    values = {"link": "https://example.com/plain", "quantity": "100"}
    order = place_order(customer.pk, Order.Channel.STANDARD, service_of(2).pk, values)
    forward()
    assert (order.charge, list_states(order.order_id)) == (110, ["accepted"])


@pytest.mark.parametrize(
    ("values", "obstacle"),
    [
        ({"type": "Subscriptions"}, "type"),
        ({"rate": "free"}, "price"),
        ({"rate": "-1"}, "price"),
        ({"rate": "999999999999999"}, "price"),
        ({"min": 10, "max": 5}, "bounds"),
        ({"min": "many"}, "bounds"),
    ],
)
def test_what_cant_be_sold_stays_on_the_list(provider, upstream, values, obstacle):
    upstream.tell(1, **values)
    assert take_in(provider, "Followers") == 0
    listing = UpstreamListing.objects.get(upstream_service="1")
    assert (listing.state, name_obstacle(provider, listing)) == ("listed", obstacle)


def test_a_category_without_a_rule_is_not_imported(provider):
    sync_provider(provider.pk)
    assert import_listings(provider, UpstreamListing.objects.all()) == 0


def test_a_rule_without_a_category_of_ours_makes_one_of_the_same_name(provider):
    sync_provider(provider.pk)
    for _ in range(2):
        save_rule(provider, "Views", None, terms())
    assert [rule.category.name for rule in ImportRule.objects.all()] == ["Views"]
    assert Category.objects.count() == 1


def test_importing_twice_makes_each_service_once(provider):
    assert [take_in(provider, "Mentions") for _ in range(2)] == [6, 0]
    assert (Service.objects.count(), Route.objects.count()) == (6, 6)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_service_once(provider):
    take_in(provider)
    save_rule(provider, "Mentions", None, terms())
    everything = UpstreamListing.objects.all()
    made = run_together(*[lambda: import_listings(provider, everything)] * 4)
    assert sorted(made) == [0, 0, 0, 6]
    counts = (Service.objects.count(), Route.objects.count(), ServiceEvent.objects.count())
    assert counts == (6, 6, 6)


def test_without_published_figures_a_service_waits_for_them(provider, monkeypatch):
    monkeypatch.setattr("providers.adapters.standard.StandardAdapter.lists_prices", False)
    take_in(provider, "Likes", kind="like")
    reason = "its figures have to be typed in"
    assert [look(pk) for pk in (2, 21)] == [(MAX_PRICE, False, reason)] * 2
    assert (service_of(2).kind, route_of(2)[0]) == ("like", None)
    assert set(SyncedService.objects.values_list("paused_for", flat=True)) == {"untold"}
