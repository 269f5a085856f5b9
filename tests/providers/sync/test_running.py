"""Passes over a list: one at a time, whole or not at all, and lists that nobody should believe."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order, Service, ServiceEvent
from orders.services import place_order
from panel.support.models import Notification
from providers.models import PriceProposal, Provider, ProviderEvent, ProviderSync, Route, UpstreamListing
from providers.sandbox import catalogue
from providers.sync import running
from providers.sync.listings import Overtaken, hold_run
from providers.sync.proposals import approve_price
from providers.sync.running import Outcome, sync_due, sync_provider, take_shorter_list
from providers.tasks import handle_events, sync_catalogues
from tests.factories import make_customer, make_provider
from tests.providers.sync.steps import APPROVE, look, service_of, take_in
from tests.together import run_together

MOST = range(3, 26)


def state_of(provider):
    """(services in the list, doubted length, trouble) of the provider's last pass."""
    row = ProviderSync.objects.get(pk=provider.pk)
    return row.listed, row.shrunk_to, row.error


def list_gone():
    return UpstreamListing.objects.filter(gone_at__isnull=False).count()


def test_the_task_reads_every_list_that_is_due(provider, sandbox):
    off = make_provider(sandbox.url, active=False)
    for _ in range(2):
        sync_catalogues()
    assert ProviderSync.objects.get().provider == provider
    assert state_of(provider) == (25, None, "")
    assert not UpstreamListing.objects.filter(provider=off).exists()
    row = ProviderSync.objects.get()
    assert (row.run, row.lease_until, row.next_sync_at > timezone.now()) == (1, None, True)


def test_one_that_fails_stops_no_other(provider, sandbox, monkeypatch):
    broken, silent = make_provider(sandbox.url), make_provider("http://127.0.0.1:1")
    read = running.Upstream

    def stumble(row):
        if row.pk == broken.pk:
            raise RuntimeError
        return read(row)

    monkeypatch.setattr(running, "Upstream", stumble)
    sync_due()
    assert (state_of(provider)[0], state_of(silent)[0]) == (25, 0)
    assert state_of(silent)[2] == "the connection was refused"


@pytest.mark.parametrize("kind", ["html", "truncated", "500", "429", "hang", "reset"])
def test_a_failed_list_changes_nothing(provider, sandbox, settings, kind):
    settings.SYNC_DEADLINE_SECONDS = 0.5
    take_in(provider, "Followers")
    before = look(1)
    sandbox.state.faults.add("services", kind, 1)
    assert sync_provider(provider.pk) is Outcome.FAILED
    assert (look(1), list_gone(), state_of(provider)[0]) == (before, 0, 25)
    assert ProviderSync.objects.get().lease_until is None


@pytest.mark.parametrize(("limit", "outcome"), [(25_000_000, Outcome.DONE), (9_000_000, Outcome.FAILED)])
def test_a_list_may_be_longer_than_other_answers(provider, sandbox, settings, limit, outcome):
    """10 MB; all other calls end at 5."""
    settings.SYNC_LIST_BYTES = limit
    sandbox.state.faults.add("services", "huge", 1)
    assert sync_provider(provider.pk) is outcome


def test_an_empty_list_changes_nothing(provider, upstream):
    take_in(provider, "Followers")
    upstream.drop(*upstream)
    assert sync_provider(provider.pk) is Outcome.FAILED
    assert (look(1), list_gone(), state_of(provider)) == (
        (5400, True, ""),
        0,
        (25, None, "the list is empty"),
    )


def test_a_list_of_less_than_half_is_doubted_and_told_once(provider, upstream):
    make_customer(is_staff=True)
    take_in(provider, "Followers", "Packs")
    upstream.drop(*MOST)
    upstream.tell(1, rate="9000")
    assert [sync_provider(provider.pk) for _ in range(3)] == [Outcome.DOUBTED] * 3
    assert (look(1), look(6), list_gone()) == ((5400, True, ""), (30000, True, ""), 0)
    assert state_of(provider) == (25, 2, "more than half of the list is missing")
    assert [event.data for event in ProviderEvent.objects.all()] == [{"listed": 2, "before": 25}]
    handle_events()
    assert Notification.objects.get().message == (
        f"The list of {provider.name} lost more than half of its services and was not taken."
        " Look there, then decide."
    )


def test_a_list_of_half_is_taken(provider, upstream):
    take_in(provider)
    upstream.drop(*range(1, 13))
    assert (sync_provider(provider.pk), list_gone()) == (Outcome.DONE, 12)


def test_a_list_with_other_numbers_is_doubted_however_long(provider, upstream):
    take_in(provider)
    upstream.drop(*MOST)
    for pk in range(1000, 1050):
        upstream.tell(pk)
    assert sync_provider(provider.pk) is Outcome.DOUBTED


def test_an_operator_takes_the_shorter_list(provider, upstream):
    take_in(provider, "Followers", "Packs")
    upstream.drop(*MOST)
    sync_provider(provider.pk)
    assert take_shorter_list(provider.pk) is True
    sync_catalogues()
    assert (state_of(provider), list_gone(), look(6)[1]) == ((2, None, ""), 23, False)
    assert take_shorter_list(provider.pk) is False


def test_a_still_shorter_list_is_doubted_again(provider, upstream):
    take_in(provider)
    upstream.drop(*MOST)
    sync_provider(provider.pk)
    take_shorter_list(provider.pk)
    upstream.drop(2)
    assert sync_provider(provider.pk) is Outcome.DOUBTED
    assert (state_of(provider)[1], list_gone()) == (1, 0)


def test_the_doubt_ends_when_the_list_is_whole_again(provider, upstream):
    take_in(provider)
    upstream.drop(*MOST)
    sync_provider(provider.pk)
    upstream.bring_back(*MOST)
    assert sync_provider(provider.pk) is Outcome.DONE
    assert state_of(provider) == (25, None, "")


def test_a_claim_whose_worker_died_is_free_after_its_lease(provider):
    sync_provider(provider.pk)
    lease = ProviderSync.objects.filter(pk=provider.pk)
    lease.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert sync_provider(provider.pk) is Outcome.BUSY
    lease.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sync_provider(provider.pk) is Outcome.DONE


def test_an_overtaken_pass_writes_nothing_more(provider, upstream, monkeypatch):
    take_in(provider, "Followers")
    upstream.tell(1, rate="9000")
    store = running.store_list

    def be_overtaken(sync, rows, stored, tell):
        ProviderSync.objects.update(run=99)
        store(sync, rows, stored, tell)

    monkeypatch.setattr(running, "store_list", be_overtaken)
    assert sync_provider(provider.pk) is Outcome.BUSY
    assert (look(1), ProviderSync.objects.get().run) == ((5400, True, ""), 99)
    assert UpstreamListing.objects.get(upstream_service="1").rate == 4500
    with pytest.raises(Overtaken):
        hold_run(ProviderSync(pk=provider.pk, run=98))


@pytest.mark.parametrize("step", ["store_list", "import_listings", "follow_list"])
def test_a_pass_that_died_is_made_good_by_the_next(provider, upstream, monkeypatch, step):
    take_in(provider, "Followers", import_new=True)
    upstream.tell(1, rate="9000")
    upstream.tell(900, category="Followers", rate="4500")
    with monkeypatch.context() as patch:
        patch.setattr(running, step, lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sync_provider(provider.pk)
    ProviderSync.objects.update(lease_until=None)
    sync_provider(provider.pk)
    assert (look(1), look(900)) == ((10800, True, ""), (5400, True, ""))


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_change_everything_once(provider, upstream):
    take_in(provider, "Followers", "Mentions", "Comments", import_new=True)
    ServiceEvent.objects.all().delete()
    upstream.tell(900, category="Followers")
    upstream.drop(16)
    for pk in (1, 8, 9, 11):
        upstream.tell(pk, rate="50000")
    outcomes = run_together(*[lambda: sync_provider(provider.pk)] * 4)
    assert (outcomes.count(Outcome.DONE) >= 1, set(outcomes) <= {Outcome.DONE, Outcome.BUSY}) == (True, True)
    kinds = sorted(ServiceEvent.objects.values_list("kind", flat=True))
    assert kinds == ["added", "paused", *["price_changed"] * 4]
    assert (Service.objects.filter(price=60000).count(), look(900)[0], look(16)[1]) == (4, 5400, False)
    assert Route.objects.filter(upstream_service="900").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_overlapping_passes_never_mix_two_lists(provider, upstream):
    """One whose lease ran out goes on beside its successor: only the later one's list is written."""
    take_in(provider, "Followers", "Mentions")
    syncs = []

    def claim():
        ProviderSync.objects.update(lease_until=None)
        syncs.append(running._claim(provider.pk))

    claim()
    old_rows = running.Upstream(provider).services()
    for pk in catalogue.SERVICES:
        upstream.tell(pk, rate="50000")
    claim()
    new_rows = running.Upstream(provider).services()
    works = [
        lambda sync=sync, rows=rows: running._take_list(sync, provider, rows, lambda done, total: None)
        for sync, rows in zip(syncs, (old_rows, new_rows), strict=True)
    ]
    old, new = run_together(*works)
    assert (isinstance(old, Overtaken) or old is Outcome.BUSY, new) == (True, Outcome.DONE)
    assert set(Service.objects.values_list("price", flat=True)) == {60000}


@pytest.mark.django_db(transaction=True)
def test_an_approval_beside_a_pass_never_sells_below_cost(provider, upstream):
    """Whoever comes first: either the price is approved and the dearer cost pauses it, or it is outdated."""
    take_in(provider, "Followers", mode=APPROVE)
    upstream.tell(1, rate="4600")
    sync_provider(provider.pk)
    proposal = PriceProposal.objects.get(state="waiting")
    upstream.tell(1, rate="9000")
    run_together(lambda: sync_provider(provider.pk), lambda: approve_price(proposal.pk, "boss"))
    price, active, _reason = look(1)
    assert (price in (5400, 5600), active) == (True, False)
    waiting = PriceProposal.objects.filter(state="waiting").values_list("price", flat=True)
    assert (list(waiting), Route.objects.get().cost) == ([10800], Decimal(9000))


@pytest.mark.django_db(transaction=True)
def test_orders_are_placed_while_a_pass_writes(provider, upstream):
    take_in(provider, "Followers", "Likes", "Views")
    customer = make_customer(1_000_000)
    service = service_of(2).pk
    upstream.tell(1, rate="5000")
    upstream.tell(3, rate="5000")

    def place_many():
        values = {"link": "https://example.com/plain", "quantity": "100"}
        return [place_order(customer.pk, Order.Channel.STANDARD, service, values).charge for _ in range(20)]

    placed, outcome = run_together(place_many, lambda: sync_provider(provider.pk))
    assert (placed, outcome) == ([110] * 20, Outcome.DONE)


def test_a_dialect_that_is_gone_is_told(provider):
    take_in(provider, "Followers")
    Provider.objects.update(dialect="gone")
    assert sync_provider(provider.pk) is Outcome.FAILED
    assert (look(1), state_of(provider)[2]) == ((5400, True, ""), "nothing here speaks its dialect")
