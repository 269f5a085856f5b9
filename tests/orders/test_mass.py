"""Mass orders: all lines or none, each answered, once for a form, also when many come at once."""

import pytest

from orders.mass import MAX_LINES, SHAPE, TooManyLines, place_mass_order
from orders.models import IdempotencyKey, LinkHold, Order, OrderEvent, Service
from orders.refusals import OrderRefused, Refusal
from orders.services import CheckedOrder, OrderRequest, place_order, place_orders_together
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db
LINK = "https://instagram.com/p/abc"


@pytest.fixture
def customer():
    return make_customer(toman=10_000)


@pytest.fixture
def service():
    return make_service()


def place(customer, text, form_key="form"):
    return place_mass_order(customer.pk, "dashboard", text, form_key)


def tell(answers):
    """What became of each line: its charge, the code of its refusal, or None."""
    return [
        answer.placed.charge if answer.placed else answer.refused and answer.refused.code
        for answer in answers
    ]


def holdings(customer):
    """Everything that an order changes."""
    tables = (Order, OrderEvent, IdempotencyKey, LinkHold)
    charges = Transfer.objects.filter(kind="charge").count()
    return [model.objects.count() for model in tables], charges, read_balance(customer.pk)


NOTHING = ([0, 0, 0, 0], 0, 10_000)


def test_all_lines_are_placed(customer, service):
    package = make_service(type="package", pack_size=500)
    text = f"{service.pk}|{LINK}|100\r\n\n  {service.pk} | {LINK}?a=1|2 | ۲۰۰  \n{package.pk}|{LINK}|\n"
    answers = place(customer, text)
    assert [(answer.number, answer.text) for answer in answers] == [
        (1, f"{service.pk}|{LINK}|100"),
        (3, f"{service.pk} | {LINK}?a=1|2 | ۲۰۰"),
        (4, f"{package.pk}|{LINK}|"),
    ]
    assert tell(answers) == [200, 400, 2000]
    orders = Order.objects.in_bulk()
    assert [
        (orders[answer.placed.order_id].link, orders[answer.placed.order_id].quantity) for answer in answers
    ] == [(LINK, 100), (f"{LINK}?a=1|2", 200), (LINK, 500)]
    assert holdings(customer) == ([3, 3, 3, 0], 3, 10_000 - 2600)


@pytest.mark.parametrize("text", ["", " \n\r\n\t "])
def test_no_lines(customer, text):
    assert (place(customer, text), holdings(customer)) == ([], NOTHING)


def test_one_bad_line_and_nothing_is_placed(customer, service):
    comments = make_service(type="custom_comments")
    lines = [
        f"{service.pk}|{LINK}|100",
        f"{service.pk}|{LINK}|9",
        f"{service.pk}|{LINK}|10001",
        f"{service.pk}|{LINK}|x",
        f"{service.pk}|{LINK}|",
        f"{service.pk}|x|100",
        f"{service.pk}||100",
        f"{comments.pk}|{LINK}|100",
        f"x|{LINK}|100",
        f"999999999999999999|{LINK}|100",
        f"{service.pk} {LINK} 100",
        f"{service.pk}|{LINK}",
    ]
    answers = place(customer, "\n".join(lines))
    assert tell(answers) == [
        None,
        Refusal.QUANTITY_LOW,
        Refusal.QUANTITY_HIGH,
        Refusal.FIELD_BAD,
        Refusal.FIELD_MISSING,
        Refusal.LINK_BAD,
        Refusal.FIELD_MISSING,
        Refusal.FIELD_MISSING,
        Refusal.SERVICE_UNKNOWN,
        Refusal.SERVICE_UNKNOWN,
        Refusal.FIELD_BAD,
        Refusal.FIELD_BAD,
    ]
    assert [answer.refused.field for answer in answers[3:8]] == [
        "quantity",
        "quantity",
        "link",
        "link",
        "comments",
    ]
    assert [answer.refused.field for answer in answers[10:]] == [SHAPE, SHAPE]
    assert holdings(customer) == NOTHING


@pytest.mark.parametrize("bad", ["nonsense", "0|x|1"])
def test_a_line_that_can_not_be_read_keeps_right_ones_back(customer, service, bad):
    assert tell(place(customer, f"{service.pk}|{LINK}|100\n{bad}"))[0] is None
    assert holdings(customer) == NOTHING


def test_the_wallet_has_to_hold_the_sum(customer, service):
    text = "\n".join(f"{service.pk}|{LINK}|{quantity}" for quantity in (2000, 2000, 1001))
    assert tell(place(customer, text)) == [None, None, Refusal.FUNDS]
    assert holdings(customer) == NOTHING
    assert tell(place(customer, text.replace("1001", "1000"))) == [4000, 4000, 2000]
    assert read_balance(customer.pk) == 0


def test_a_form_sent_again_places_once(customer, service):
    text = "\n".join(f"{service.pk}|{LINK}|{quantity}" for quantity in (2000, 3000))
    first = place(customer, text)
    before = holdings(customer)
    again = place(customer, text)
    assert [answer.placed.order_id for answer in again] == [answer.placed.order_id for answer in first]
    assert (tell(again), holdings(customer)) == ([None, None], before)
    assert tell(place(customer, text.replace("3000", "10"))) == [None, Refusal.KEY_REUSED]
    assert holdings(customer) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("toman", [10_000, 1_000_000])
def test_a_form_sent_many_times_at_once_places_once(toman, service):
    customer = make_customer(toman=toman)
    taken = make_service(same_link="refuse")
    text = f"{service.pk}|{LINK}|3000\n{taken.pk}|{LINK}|2000"
    tries = run_together(*[lambda: place(customer, text)] * 8)
    assert len({tuple(answer.placed.order_id for answer in answers) for answers in tries}) == 1
    assert holdings(customer) == ([2, 2, 2, 1], 2, toman - 10_000)


@pytest.mark.django_db(transaction=True)
def test_forms_at_once_never_spend_more_than_there_is(customer, service):
    text = "\n".join([f"{service.pk}|{LINK}|1000"] * 3)
    tries = run_together(*[lambda key=key: place(customer, text, key) for key in "abcd"])
    placed = [answers for answers in tries if all(answer.placed for answer in answers)]
    assert (len(placed), holdings(customer)) == (1, ([3, 3, 3, 0], 3, 4000))


@pytest.mark.django_db(transaction=True)
def test_the_same_links_crosswise_never_wait_for_each_other():
    taken = make_service(same_link="refuse")
    customers = [make_customer(toman=100_000) for _ in range(6)]
    lines = [f"{taken.pk}|{LINK}{number}|100" for number in range(20)]
    texts = ["\n".join(lines if turn % 2 else reversed(lines)) for turn in range(6)]
    tries = run_together(
        *[lambda who=who, text=text: place(who, text) for who, text in zip(customers, texts, strict=True)]
    )
    assert sorted(sum(answer.placed is not None for answer in answers) for answers in tries) == [0] * 5 + [20]
    assert (Order.objects.count(), LinkHold.objects.count()) == (20, 20)


def test_a_link_that_is_taken(customer):
    taken = make_service(same_link="refuse")
    line = f"{taken.pk}|{LINK}|100"
    assert tell(place(customer, f"{line}\n{line}")) in (
        [None, Refusal.LINK_TAKEN],
        [Refusal.LINK_TAKEN, None],
    )
    assert holdings(customer) == NOTHING
    assert tell(place(customer, line)) == [200]
    before = holdings(customer)
    assert tell(place(customer, line, "another")) == [Refusal.LINK_TAKEN]
    assert holdings(customer) == before


def test_a_service_that_changed_is_read_again(customer, service):
    place_order(customer.pk, "dashboard", service.pk, {"link": LINK, "quantity": 10})
    Service.objects.filter(pk=service.pk).update(price=3000, link_hosts=["tiktok.com"])
    assert tell(place(customer, f"{service.pk}|{LINK}|100")) == [Refusal.LINK_RULE]
    assert tell(place(customer, f"{service.pk}|https://tiktok.com/@a|100")) == [300]


def test_so_many_lines_and_no_more(customer):
    free = make_service(price=0)
    lines = [f"{free.pk}|{LINK}|10"] * (MAX_LINES + 1)
    with pytest.raises(TooManyLines):
        place(customer, "\n".join(lines))
    assert holdings(customer) == NOTHING
    assert tell(place(customer, "\n".join(lines[1:]))) == [0] * MAX_LINES
    assert Order.objects.count() == MAX_LINES


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("order_block", "owes", Refusal.CUSTOMER_BLOCKED), ("is_active", False, Refusal.CUSTOMER_LOCKED)],
)
def test_who_may_not_order(customer, service, field, value, code):
    type(customer).objects.filter(pk=customer.pk).update(**{field: value})
    with pytest.raises(OrderRefused) as refused:
        place(customer, f"{service.pk}|{LINK}|100")
    assert (refused.value.code, holdings(customer)) == (code, NOTHING)


def test_orders_in_parts_go_together_with_others(customer):
    service = make_service(dripfeed=True)
    drip = {"link": LINK, "quantity": 100, "runs": 3, "interval": 5}
    requests = [OrderRequest(service.pk, values) for values in ({"link": LINK, "quantity": 10}, drip)]
    placed = place_orders_together(customer.pk, "dashboard", requests)
    assert [answer.charge for answer in placed] == [20, 600]
    assert read_balance(customer.pk) == 10_000 - 620
    dear = [*requests, OrderRequest(service.pk, drip | {"quantity": 2000})]
    answers = place_orders_together(customer.pk, "dashboard", dear)
    assert answers[:2] == [CheckedOrder(20), CheckedOrder(600)]
    assert (answers[2].code, answers[2].charge) == (Refusal.FUNDS, 12_000)
    assert read_balance(customer.pk) == 10_000 - 620
