"""The like exchange as a provider: orders become campaigns, likes advance them, and the engine settles them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaigns import provider as exchange
from campaigns.liking import pay_verified
from campaigns.models import Campaign, CampaignClass
from campaigns.provider import AT_ONCE, LikeExchangeAdapter
from campaigns.states import end_campaign, mark_gone, pause_for_review, reject_campaign, stop_campaign
from orders.models import Order
from orders.services import cancel_order, place_order
from panel.wallet.house import house_balance
from panel.wallet.models import Account, Currency
from providers.adapters.base import Credentials, OutboundOrder, Rejected, Status, Unclear
from providers.canceling import send_cancels
from providers.forwarding import claim_orders, repeat_outbound
from providers.models import Dispatch, ImportRule, Provider, Route, UpstreamListing
from providers.sync.importing import RuleTerms, import_listings, save_rule
from providers.sync.running import Outcome, sync_provider
from providers.unclear import reconcile_unclear, settle_orphans
from tests.campaigns.steps import ADDRESS, NAMED, list_drifts, pay_likes, refusal_of
from tests.factories import make_class, make_customer, make_provider, make_route, make_service
from tests.providers.steps import balance_of, forward, list_states, look, make_all_due, poll
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PURSE = 10_000
CHARGE = 20  # toman for 10 likes at 2,000 for 1,000
WAIT_SECONDS = 20


@pytest.fixture
def way(clean_redis, settings):
    """(customer, service): routed to the exchange's class "likes", a like of which costs 10."""
    settings.POLL_FIRST_SECONDS = 30
    make_class(line="likes")
    customer, service = make_customer(PURSE), make_service(min=1)
    row = Provider.objects.create(
        name="Exchange", dialect="like_exchange", url="panel:", honours_idempotency_key=True
    )
    make_route(service, row, "likes")
    return customer, service


def place(way, quantity=10, link=NAMED):
    values = {"link": link, "quantity": str(quantity)}
    return place_order(way[0].pk, Order.Channel.STANDARD, way[1].pk, values).order_id


def place_and_forward(way, quantity=10):
    """(order's id, its campaign)."""
    order_id = place(way, quantity)
    forward()
    return order_id, Campaign.objects.get()


def house_funds():
    """What the house has given to campaigns of orders, in likes."""
    return -house_balance(Account.Kind.PROMOTIONS, Currency.LIKE)


def make_adapter():
    return LikeExchangeAdapter(Credentials("panel:", ""), None)


def make_outbound(way, **values):
    """What forwarding would send for a new order of the way."""
    place(way)
    claim = claim_orders(1)[0]
    return OutboundOrder(
        **{name: values.get(name, getattr(claim.outbound, name)) for name in OutboundOrder.__slots__}
    )


def count_connections(waiting=False):
    """How many connections to this database there are, or wait for a lock."""
    sql = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the first look is kept
        cursor.execute(sql + (" AND wait_event_type = 'Lock'" if waiting else ""))
        return cursor.fetchone()[0]


def wait_for(count, waiting=False):
    """`count_connections` when it is `count`, or after WAIT_SECONDS."""
    give_up = monotonic() + WAIT_SECONDS
    while (seen := count_connections(waiting)) != count and monotonic() < give_up:
        sleep(0.05)
    return seen


def test_an_order_becomes_a_campaign_that_is_shown_at_once_and_paid_by_the_house(way):
    order_id, campaign = place_and_forward(way)
    dispatch = Dispatch.objects.get()
    assert (look(order_id), dispatch.upstream_id) == (("processing", "accepted", 0, None), str(campaign.pk))
    assert (campaign.state, campaign.owner_id, campaign.budget) == ("available", way[0].pk, 100)
    assert (campaign.order_key, campaign.target_url) == (dispatch.idempotency_key, NAMED)
    assert (house_funds(), balance_of(way[0])) == (100, PURSE - CHARGE)
    assert list_drifts() == []


def test_likes_advance_the_order_to_its_end(way):
    order_id, campaign = place_and_forward(way)
    pay_likes(campaign, 4)
    poll()
    assert (look(order_id), Order.objects.get().start_count) == (("in_progress", "accepted", 0, 6), 0)
    pay_likes(campaign, 6)
    poll()
    assert look(order_id) == ("completed", "accepted", 0, 0)
    assert (house_funds(), balance_of(way[0])) == (100, PURSE - CHARGE)
    assert list_drifts() == []


def test_a_campaign_under_review_keeps_its_order_open(way):
    order_id, campaign = place_and_forward(way)
    pause_for_review(campaign.pk)
    poll()
    assert look(order_id)[0] == "in_progress"


def test_a_canceled_order_is_refunded_for_what_was_not_done(way):
    order_id, campaign = place_and_forward(way)
    pay_likes(campaign, 4)
    cancel_order(way[0].pk, order_id)
    assert send_cancels() == 1
    poll()
    assert look(order_id) == ("partial", "accepted", 12, 6)
    assert (balance_of(way[0]), house_funds()) == (PURSE - CHARGE + 12, 40)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.stopped) == ("ended", True)
    assert list_drifts() == []


@pytest.mark.parametrize(
    "close",
    [lambda pk: reject_campaign(pk, "no"), mark_gone, end_campaign],
    ids=["rejected", "gone", "ended"],
)
@pytest.mark.parametrize(("likes", "seen"), [(0, ("canceled", 20)), (3, ("partial", 14))])
def test_a_campaign_that_closes_early_ends_its_order_and_gives_all_back(way, close, likes, seen):
    order_id, campaign = place_and_forward(way)
    pay_likes(campaign, likes)
    close(campaign.pk)
    poll()
    status, refunded = seen
    assert look(order_id)[::2] == (status, refunded)
    assert (balance_of(way[0]), house_funds()) == (PURSE - CHARGE + refunded, likes * 10)
    assert list_drifts() == []


def test_a_link_that_is_no_picture_takes_the_next_route(way, sandbox):
    make_route(way[1], make_provider(sandbox.url), priority=20)
    order_id = place(way, 50, "https://example.com/plain")
    forward()
    forward()
    assert (list_states(order_id), Campaign.objects.count()) == (["rejected", "accepted"], 0)
    assert Dispatch.objects.order_by("id")[0].reason == "no campaign: target"
    assert sandbox.counters()["orders_made"] == 1


def test_an_order_that_no_route_takes_is_refunded(way):
    order_id = place(way, link="https://example.com/plain")
    forward()
    assert (look(order_id)[::2], balance_of(way[0])) == (("error", CHARGE), PURSE)
    assert house_funds() == 0


def test_a_class_that_is_not_on_offer_is_refused(way):
    CampaignClass.objects.update(current=False)
    order_id = place(way)
    forward()
    assert (look(order_id)[0], list_states(order_id)) == ("error", ["rejected"])


@pytest.mark.parametrize(
    "values",
    [
        {"type": "package", "quantity": None},
        {"type": "custom_comments", "quantity": None, "fields": {"comments": "a"}},
        {"type": "comment_likes", "fields": {"username": "a"}},
        {"type": "watch_time"},
        {"fields": {"runs": "2", "interval": "60"}},
        {"quantity": 0},
        {"idempotency_key": "f" * 32},
    ],
)
def test_what_is_more_or_less_than_likes_for_a_link_is_rejected(way, values):
    outbound = make_outbound(way, **values)
    with pytest.raises(Rejected):
        make_adapter().place(outbound)
    assert (Campaign.objects.count(), house_funds()) == (0, 0)


def test_the_same_dispatch_makes_one_campaign_however_often_it_is_asked(way):
    outbound = make_outbound(way)
    first = make_adapter().place(outbound)
    again = run_together(*(lambda: make_adapter().place(outbound) for _ in range(10)))
    assert (set(again), Campaign.objects.count(), house_funds()) == ({first}, 1, 100)


def test_the_same_dispatch_asked_at_once_makes_one_campaign(way):
    outbound = make_outbound(way)
    placed = run_together(*(lambda: make_adapter().place(outbound) for _ in range(10)))
    assert len(set(placed)) == 1
    assert (Campaign.objects.count(), house_funds()) == (1, 100)
    assert list_drifts() == []


def test_a_worker_that_dies_before_the_campaign_is_shown_leaves_none(way, monkeypatch):
    outbound = make_outbound(way)

    def die(campaign_id):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(exchange, "approve_campaign", die)
        with pytest.raises(SystemExit):
            make_adapter().place(outbound)
    assert (Campaign.objects.count(), house_funds()) == (0, 0)
    make_adapter().place(outbound)
    assert Campaign.objects.get().state == "available"


@pytest.mark.parametrize("was_placed", [False, True])
def test_a_worker_killed_while_sending_is_made_good_by_the_key(way, was_placed):
    order_id = place(way)
    claim = claim_orders(1)[0]
    if was_placed:
        claim.upstream.place(claim.outbound)
    Dispatch.objects.update(created=timezone.now() - timedelta(hours=1))
    assert (settle_orphans(), look(order_id)[1]) == (1, "unclear")
    make_all_due()
    assert (reconcile_unclear(), look(order_id)[1]) == (1, "accepted")
    dispatch = Dispatch.objects.get()
    campaign = Campaign.objects.get()
    assert (dispatch.resolved_by, dispatch.upstream_id) == ("Idempotency-Key", str(campaign.pk))
    assert (repeat_outbound(dispatch), house_funds()) == (claim.outbound, 100)


def test_trouble_with_the_database_is_unclear(way):
    outbound = make_outbound(way)

    def place_in_haste():
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 300")
        return make_adapter().place(outbound)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE campaigns_campaign IN ACCESS EXCLUSIVE MODE")
        error = run_together(place_in_haste)[0]
    assert (type(error), error.reason) == (Unclear, "our database: OperationalError")
    assert Campaign.objects.count() == 0


def test_threads_use_few_connections_and_leave_none_behind(way):
    outbounds = [make_outbound(way) for _ in range(8)]
    assert wait_for(1) == 1  # this thread's own: those of tests before are gone

    with ThreadPoolExecutor(8) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE campaigns_campaign IN ACCESS EXCLUSIVE MODE")
            placing = [pool.submit(make_adapter().place, order) for order in outbounds]
            waiting = wait_for(AT_ONCE, waiting=True)
            sleep(0.5)  # a third would come now
            held = (waiting, count_connections(waiting=True), count_connections())
        placed = [future.result(WAIT_SECONDS) for future in placing]
    assert held == (AT_ONCE, AT_ONCE, 1 + AT_ONCE)
    assert len({answer.upstream_id for answer in placed}) == 8
    assert wait_for(1) == 1


def test_statuses_tell_only_of_campaigns_of_orders(way):
    _order_id, campaign = place_and_forward(way)
    adapter = make_adapter()
    own = str(campaign.pk)
    told = adapter.statuses([own, "0", "x", "9" * 30])
    assert list(told) == [own]
    assert (told[own].status, told[own].remains, told[own].start_count) == (Status.IN_PROGRESS, 10, 0)
    Campaign.objects.update(order_key=None)
    assert (adapter.statuses([own]), adapter.cancel([own])) == ({}, {})
    assert [call([]) for call in (adapter.statuses, adapter.cancel)] == [{}, {}]
    for call in (adapter.statuses, adapter.cancel):
        with pytest.raises(ValueError, match="at most 100"):
            call([own] * 101)


def test_canceling_what_has_ended_is_refused(way):
    campaign = place_and_forward(way)[1]
    adapter, own = make_adapter(), str(campaign.pk)
    assert [adapter.cancel([own])[own].accepted for _ in range(2)] == [True, False]


def test_the_customer_is_neither_paid_for_nor_able_to_stop_the_orders_campaign(way):
    campaign = place_and_forward(way)[1]
    assert refusal_of(stop_campaign, campaign.pk, way[0].pk) == "unknown"
    assert refusal_of(pay_verified, way[0].pk, campaign, ADDRESS) == "out_of_budget"
    assert house_funds() == 100


def test_a_sync_lists_the_classes_as_services_to_import(way):
    row = Provider.objects.get()
    assert sync_provider(row.pk) is Outcome.DONE
    listing = UpstreamListing.objects.get()
    assert (listing.upstream_service, listing.type, listing.rate) == ("likes", "default", None)
    save_rule(row, "", None, RuleTerms("like", Decimal(0), 1, ImportRule.Mode.choices[0][0], True))
    import_listings(row, UpstreamListing.objects.all())
    made = Route.objects.exclude(service=way[1]).get()
    assert (made.upstream_service, made.service.kind, made.service.active) == ("likes", "like", False)


def test_services_are_the_classes_on_offer_and_the_balance_the_houses_likes(way):
    make_class(line="gone", current=False)
    campaign = place_and_forward(way)[1]
    pay_likes(campaign, 2)
    adapter = make_adapter()
    assert [(row.id, row.type, row.cancel) for row in adapter.services()] == [("likes", "default", True)]
    assert (adapter.balance().amount, adapter.balance().currency) == (10, "like")
