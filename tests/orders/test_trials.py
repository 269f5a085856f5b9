"""Trial orders: read as real ones, free of money and upstreams, moved by their age alone."""

from datetime import timedelta

import pytest

from orders import trials
from orders.blocking import forget_blocked
from orders.models import BlockedTerm, Category, Order, OrderEvent, Service, TrialOrder
from orders.refusals import OrderRefused
from orders.services import OrderRequest
from orders.tasks import purge_trials
from orders.trials import START_COUNT, TooManyTrials, TrialView, find_trial, place_trial
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service
from tests.together import run_together

LINK = "https://instagram.com/p/abc"


@pytest.fixture
def customer(db):
    return make_customer()


@pytest.fixture
def service(db):
    return make_service()


def place(customer, service, link=LINK, quantity=101):
    return place_trial(customer.pk, OrderRequest(service.pk, {"link": link, "quantity": quantity}))


def refuse(*args, **fields):
    """The code, field and limit of what refuses it."""
    with pytest.raises(OrderRefused) as caught:
        place(*args, **fields)
    return caught.value.code.value, caught.value.field, caught.value.limit


def grow_older(seconds):
    for trial in TrialOrder.objects.all():
        TrialOrder.objects.filter(pk=trial.pk).update(created=trial.created - timedelta(seconds=seconds))


def look(customer, trial_id):
    view = find_trial(customer.pk, trial_id)
    return view.status, view.start_count, view.remains, view.charge


def test_it_costs_an_empty_purse_nothing(customer, service):
    trial_id = place(customer, service)
    assert find_trial(customer.pk, trial_id) == TrialView(trial_id, "pending", 202, 101, None, 101, LINK)
    moved = (Order.objects.count(), OrderEvent.objects.count(), Transfer.objects.count())
    assert (moved, read_balance(customer.pk)) == ((0, 0, 0), 0)


def test_the_price_is_what_a_real_order_would_cost(service):
    buyer = make_customer(discount=10)
    assert find_trial(buyer.pk, place(buyer, service)).charge == 182  # ceil(181.8)


def test_a_package_is_one_piece_of_its_size(customer):
    package = make_service(type="package", price=500, pack_size=1_000)
    view = find_trial(customer.pk, place(customer, package, quantity=None))
    assert (view.charge, view.quantity) == (500, 1_000)


@pytest.mark.parametrize(
    ("link", "end"),
    [
        (LINK, ("completed", START_COUNT, 0, 202)),
        ("https://instagram.com/Partial", ("partial", START_COUNT, 51, 100)),
        ("https://instagram.com/p/canceled", ("canceled", START_COUNT, 101, 0)),
        ("https://instagram.com/p/error", ("error", START_COUNT, 101, 0)),
        ("https://instagram.com/error-partial", ("error", START_COUNT, 101, 0)),
    ],
)
def test_it_walks_by_its_age(customer, service, link, end):
    trial_id = place(customer, service, link)
    seen = [look(customer, trial_id)]
    for _ in range(3):
        grow_older(30)
        seen.append(look(customer, trial_id))
    assert seen == [("pending", None, 101, 202), ("in_progress", START_COUNT, 51, 202), end, end]


def test_refusals_are_those_of_real_orders(customer, service):
    paused = make_service(active=False)
    shelved = make_service(category=Category.objects.create(name="Closed", active=False))
    comments = make_service(type="custom_comments")
    for gone in (paused, shelved, Service(pk=10**9)):
        assert refuse(customer, gone) == ("service_unknown", "", None)
    assert refuse(customer, service, quantity=9) == ("quantity_low", "quantity", 10)
    assert refuse(customer, service, quantity=10_001) == ("quantity_high", "quantity", 10_000)
    assert refuse(customer, service, quantity=True) == ("field_bad", "quantity", None)
    assert refuse(customer, service, quantity=None) == ("field_missing", "quantity", None)
    assert refuse(customer, service, link="instagram") == ("link_bad", "link", None)
    assert refuse(customer, service, link="") == ("field_missing", "link", None)
    assert refuse(customer, comments) == ("field_missing", "comments", None)
    assert TrialOrder.objects.count() == 0


def test_blocked_links_are_refused(customer, service):
    BlockedTerm.objects.create(kind="link", text="instagram.com/p")
    forget_blocked()
    try:
        assert refuse(customer, service) == ("link_blocked", "link", None)
    finally:
        BlockedTerm.objects.all().delete()
        forget_blocked()


def test_a_service_that_changed_is_read_again(customer, service):
    place(customer, service)
    Service.objects.filter(pk=service.pk).update(type="package", price=700)
    assert find_trial(customer.pk, place(customer, service, quantity=None)).charge == 700


def test_only_the_owner_finds_it(customer, service):
    trial_id = place(customer, service)
    for customer_id, pk in ((make_customer().pk, trial_id), (customer.pk, trial_id + 1)):
        with pytest.raises(OrderRefused, match="order_unknown"):
            find_trial(customer_id, pk)


def test_so_many_may_be_open(customer, service, settings):
    settings.TRIAL_MAX_OPEN = 2
    place(customer, service), place(customer, service)
    with pytest.raises(TooManyTrials) as caught:
        place(customer, service)
    assert 58 <= caught.value.retry_after_seconds <= 61
    place(make_customer(), service)
    grow_older(61)
    place(customer, service)
    assert TrialOrder.objects.filter(customer=customer).count() == 3


def test_old_ones_are_forgotten(customer, service, monkeypatch):
    monkeypatch.setattr(trials, "PURGE_SIZE", 1)
    for _ in range(2):
        place(customer, service)
    grow_older(30 * 86_400 + 1)
    kept = place(customer, service)
    purge_trials()
    assert list(TrialOrder.objects.values_list("pk", flat=True)) == [kept]


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_the_limit_holds(customer, service, settings):
    settings.TRIAL_MAX_OPEN = 3
    told = run_together(*[lambda: place(customer, service)] * 6)
    assert sorted(type(answer).__name__ for answer in told) == ["TooManyTrials"] * 3 + ["int"] * 3
    assert TrialOrder.objects.count() == 3
