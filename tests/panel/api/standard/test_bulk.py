"""`action=orders`: many at once, each judged for itself."""

import json

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders import placing_sql, services
from orders.models import IdempotencyKey, Order, OrderEvent
from orders.service_types import ServiceType
from panel.accounts.models import ApiToken
from panel.lib.money import compute_charge
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.standard.conftest import LINK, client

INCORRECT = {"error": "Incorrect request"}
POOR = {"error": "Not enough funds on balance"}


@pytest.fixture
def bulk(key, service):
    """Send entries, `service` and a link filled in where an entry says nothing of them."""

    def post(entries, headers=None, key=key):
        good = {"service": service.pk, "link": LINK}
        whole = [good | entry if isinstance(entry, dict) else entry for entry in entries]
        body = {"key": key, "action": "orders", "orders": whole}
        answer = client.post("/api/v2", json.dumps(body), "application/json", headers=headers)
        assert answer.status_code == 200
        return answer.json()

    return post


def quantities(answers):
    """The quantity of each order that was placed, in the answers' order; its error for one that was not."""
    placed = dict(Order.objects.values_list("pk", "quantity"))
    return [placed[answer["order"]] if "order" in answer else answer["error"] for answer in answers]


def test_answers_come_in_the_entries_order(bulk, customer):
    sizes = [50, 10, 3000, 10, 777]
    assert quantities(bulk([{"quantity": size} for size in sizes])) == sizes
    assert read_balance(customer.pk) == 1_000_000 - 2 * sum(sizes)
    assert (
        Transfer.objects.filter(kind="charge").count()
        == OrderEvent.objects.filter(kind="placed").count()
        == 5
    )


def test_every_order_has_its_own_transfer(bulk, customer):
    bulk([{"quantity": 10 * n} for n in range(1, 6)])
    charges = {f"order:{order.pk}:charge": order.charge for order in Order.objects.all()}
    assert dict(Transfer.objects.filter(kind="charge").values_list("key", "amount")) == charges


def test_one_bad_entry_stops_no_other(bulk, customer):
    poll = make_service(type=ServiceType.POLL)
    free = make_service(price=0)
    paused = make_service(active=False)
    entries = [
        {"quantity": 10},
        {"quantity": 9},
        {"quantity": 10, "service": 0},
        {"quantity": 10, "service": paused.pk},
        {"quantity": 10, "link": "nonsense"},
        "text",
        None,
        [],
        5,
        {"quantity": 10, "service": poll.pk},
        {"quantity": 10, "service": poll.pk, "answer_number": "2"},
        {"quantity": 10, "runs": 2},
        {"quantity": "--5"},
        {"quantity": 10, "service": free.pk},
        {"quantity": 20_000},
        {},
        {"quantity": 20},
    ]
    bad = "Incorrect request"
    assert quantities(bulk(entries)) == [
        10,
        "Quantity less than minimal 10",
        "Incorrect service ID",
        "Incorrect service ID",
        "Incorrect link",
        bad,
        bad,
        bad,
        bad,
        bad,
        10,
        bad,
        bad,
        10,
        "Quantity more than maximum 10000",
        bad,
        20,
    ]
    assert read_balance(customer.pk) == 1_000_000 - 80


def test_too_dear_a_one_in_the_middle_does_not_stop_a_cheap_later_one(bulk):
    poor = make_customer(toman=100)
    entries = [{"quantity": size} for size in (20, 50, 10, 21, 20, 10)]
    answers = bulk(entries, key=make_key(poor))
    funds = POOR["error"]
    assert quantities(answers) == [20, funds, 10, funds, 20, funds]
    assert read_balance(poor.pk) == 0


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 300), st.lists(st.integers(10, 60), min_size=1, max_size=25))
def test_money_goes_to_the_first_that_it_pays_for(bulk, toman, sizes):
    buyer = make_customer(toman=toman)
    left, expected = toman, []
    for size in sizes:
        charge = compute_charge(2000, size)
        pays = charge <= left
        left -= charge if pays else 0
        expected.append(size if pays else POOR["error"])
    assert quantities(bulk([{"quantity": size} for size in sizes], key=make_key(buyer))) == expected
    assert read_balance(buyer.pk) == left


def test_a_staircase_of_charges_takes_few_statements(bulk, monkeypatch):
    """Each dear entry stops the running sum; that must not cost a statement for each of them."""
    runs = []
    place_many = placing_sql.place_many
    monkeypatch.setattr(placing_sql, "place_many", lambda *asked: runs.append(asked) or place_many(*asked))
    sizes = [size for step in range(100) for size in (10, 1000 - 10 * step)]
    buyer = make_customer(toman=2_000)
    answers = bulk([{"quantity": size} for size in sizes], key=make_key(buyer))
    assert sum("order" in answer for answer in answers) == 100
    assert read_balance(buyer.pk) == 0
    assert len(runs) == 2


def test_a_thousand_entries(bulk, customer):
    answers = bulk([{"quantity": 10}] * 1000)
    assert len({answer["order"] for answer in answers}) == 1000
    assert read_balance(customer.pk) == 1_000_000 - 20_000
    assert Order.objects.count() == Transfer.objects.filter(kind="charge").count() == 1000


@pytest.mark.parametrize("orders", [[{"quantity": 10}] * 1001, "1,2", {"a": 1}, None, 5])
def test_what_is_no_list_of_a_thousand_is_refused(key, ledger, orders):
    before = ledger()
    body = {"key": key, "action": "orders", "orders": orders}
    assert client.post("/api/v2", json.dumps(body), "application/json").json() == INCORRECT
    assert ledger() == before


def test_an_empty_list_has_an_empty_answer(bulk, ledger):
    before = ledger()
    assert bulk([]) == []
    assert ledger() == before


def test_a_stranger_s_orders_are_not_even_read(bulk, monkeypatch):
    read = []
    monkeypatch.setattr(services, "read_items", lambda *asked: read.append(asked) or {})
    assert (bulk([{"quantity": 10}], key="wrong"), read) == ({"error": "Invalid API key"}, [])


@pytest.mark.parametrize("entries", [[], [{"quantity": 10}], ["text"]], ids=["empty", "good", "bad"])
def test_a_stranger_learns_only_that_the_key_is_no_good(bulk, ledger, entries):
    before = ledger()
    assert bulk(entries, key="wrong") == {"error": "Invalid API key"}
    assert ledger() == before


def test_packages_lists_and_free_ones_together(bulk, customer):
    package = make_service(type=ServiceType.PACKAGE, price=500, pack_size=40, min=1)
    comments = make_service(type=ServiceType.CUSTOM_COMMENTS, price=100_000, min=1)
    free = make_service(price=0)
    customer.discount = 15
    customer.save()
    answers = bulk(
        [
            {"service": package.pk},
            {"service": comments.pk, "comments": "a\n\nb\nc"},
            {"service": free.pk, "quantity": 99},
        ]
    )
    placed = [Order.objects.get(pk=answer["order"]) for answer in answers]
    assert [(order.quantity, order.charge) for order in placed] == [(40, 425), (3, 255), (99, 0)]
    assert placed[1].fields == {"comments": "a\nb\nc"}
    assert read_balance(customer.pk) == 1_000_000 - 680
    assert Transfer.objects.filter(kind="charge").count() == 2


def test_the_same_idempotency_key_repeats_the_whole_answer(bulk, ledger):
    entries = [{"quantity": 10}, {"quantity": 1}, {"quantity": 30}]
    first = bulk(entries, {"Idempotency-Key": "b-1"})
    before = ledger()
    assert bulk(entries, {"Idempotency-Key": "b-1"}) == first
    assert ledger() == before
    assert IdempotencyKey.objects.count() == 2


def test_a_changed_entry_under_the_same_key_is_refused_alone(bulk, ledger):
    first = bulk([{"quantity": 10}, {"quantity": 20}], {"Idempotency-Key": "b-1"})
    before = ledger()
    again = bulk([{"quantity": 10}, {"quantity": 21}], {"Idempotency-Key": "b-1"})
    assert again == [first[0], {"error": "Idempotency key reused"}]
    assert ledger() == before


def test_a_repeat_after_the_money_is_gone_gives_the_same_orders(bulk):
    buyer = make_customer(toman=40)
    key = make_key(buyer)
    entries = [{"quantity": 10}, {"quantity": 15}, {"quantity": 10}]
    first = bulk(entries, {"Idempotency-Key": "b-1"}, key=key)
    assert quantities(first) == [10, POOR["error"], 10]
    assert bulk(entries, {"Idempotency-Key": "b-1"}, key=key) == first
    assert read_balance(buyer.pk) == 0


def test_a_service_that_changed_its_shape_is_read_again(bulk, service):
    assert quantities(bulk([{"quantity": 10}])) == [10]
    service.type = ServiceType.POLL
    service.save()
    entries = [{"quantity": 10}, {"quantity": 11, "answer_number": "1"}, {"quantity": 12}]
    assert quantities(bulk(entries)) == ["Incorrect request", 11, "Incorrect request"]


def test_a_key_that_ends_meanwhile_hides_no_placed_order(bulk, monkeypatch):
    """The second round, for what the running sum had stopped at, finds the key revoked."""
    buyer = make_customer(toman=100)
    key = make_key(buyer)
    place_many = placing_sql.place_many

    def revoke_after(*asked):
        rows = place_many(*asked)
        ApiToken.objects.filter(customer=buyer).update(revoked_at=timezone.now())
        return rows

    monkeypatch.setattr(placing_sql, "place_many", revoke_after)
    answers = bulk([{"quantity": size} for size in (20, 50, 10)], key=key)
    assert quantities(answers) == [20, POOR["error"], POOR["error"]]
    assert read_balance(buyer.pk) == 60
