"""The admin of the ledger: a manual adjustment is the one thing that moves money, once for each form."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from panel.accounts.models import Customer
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, read_balance
from panel.wallet.models import Account, Currency, HouseDay, Transfer, WalletEvent
from tests.factories import make_customer
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
FORM_KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


@pytest.fixture
def customer():
    return make_customer(toman=500)


def adjust(browser, customer, key=None, **values):
    """Open the form and send it filled in; returns what the next page tells, and the form's errors."""
    path = page_of(Account, "adjust", customer.pk)
    key = key or FORM_KEY.search(read(browser, path)).group(1)
    filled = {"direction": "give", "amount": "100", "currency": "toman", "reason": "gift", "act": "1"}
    response = browser.post(path, filled | {"key": key} | values, follow=True)
    errors = response.context["blocks"][0]["form"].errors if "blocks" in response.context else {}
    return told(response), {name: list(lines) for name, lines in errors.items()}


def manual_transfers():
    rows = Transfer.objects.filter(key__startswith="manual:").order_by("id")
    return list(rows.values_list("amount", "currency", "kind", "reference"))


def test_credit_moves_money_with_its_reason_and_tells_the_customer(superuser, customer):
    adjust(superuser, customer, reason="said sorry")
    assert manual_transfers() == [(100, "toman", "adjustment", "said sorry")]
    assert read_balance(customer.pk) == 600
    event = WalletEvent.objects.latest("pk")
    assert (event.customer, event.kind, event.data["amount"]) == (customer, "adjusted", 100)
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user) == (str(customer.pk), superuser.staff)
    assert entry.change_message.endswith("+100 toman. said sorry")


def test_debit_takes_what_is_there_with_its_reason(superuser, customer):
    adjust(superuser, customer, direction="take", amount="500", reason="paid twice")
    assert (read_balance(customer.pk), manual_transfers()) == (
        0,
        [(500, "toman", "adjustment", "paid twice")],
    )
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user) == (str(customer.pk), superuser.staff)
    assert entry.change_message.endswith("-500 toman. paid twice")


@pytest.mark.parametrize("direction", ["give", "take"])
@pytest.mark.django_db(transaction=True)
def test_without_the_line_in_the_log_no_money_moves(superuser, customer, direction, monkeypatch):
    def die(*args, **fields):
        raise KeyboardInterrupt

    monkeypatch.setattr(LogEntry.objects, "log_actions", die)
    with pytest.raises(KeyboardInterrupt):
        adjust(superuser, customer, direction=direction)
    assert (read_balance(customer.pk), manual_transfers(), LogEntry.objects.count()) == (500, [], 0)


def test_debit_of_more_than_there_is_moves_nothing(superuser, customer):
    answer = adjust(superuser, customer, direction="take", amount="501")
    assert answer == ([], {"__all__": ["The wallet holds less than that."]})
    assert (read_balance(customer.pk), manual_transfers(), LogEntry.objects.count()) == (500, [], 0)


def test_the_same_form_sent_twice_is_one_adjustment(superuser, customer):
    first = adjust(superuser, customer, key="a" * 32)
    second = adjust(superuser, customer, key="a" * 32)
    assert first[0][0].endswith("+100 toman. gift")
    assert second == (["This was done before, by the same form."], {})
    assert (read_balance(customer.pk), len(manual_transfers()), LogEntry.objects.count()) == (600, 1, 1)


def test_the_same_form_with_another_amount_is_refused(superuser, customer):
    adjust(superuser, customer, key="a" * 32)
    _, errors = adjust(superuser, customer, key="a" * 32, amount="200")
    assert errors == {"__all__": ["This form was sent before with other values. Open it anew."]}
    assert read_balance(customer.pk) == 600


def test_each_opened_form_has_a_key_of_its_own(superuser, customer):
    path = page_of(Account, "adjust", customer.pk)
    keys = {FORM_KEY.search(read(superuser, path)).group(1) for _ in range(3)}
    assert len(keys) == 3


def test_the_same_key_for_two_customers_is_two_adjustments(superuser, customer):
    other = make_customer()
    adjust(superuser, customer, key="a" * 32)
    adjust(superuser, other, key="a" * 32)
    assert (read_balance(customer.pk), read_balance(other.pk)) == (600, 100)


def test_amounts_are_read_as_people_type_them(superuser, customer):
    adjust(superuser, customer, amount="۱٬۲۳۴٬۵۶۷")
    assert read_balance(customer.pk) == 1_235_067


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "many", "", str(10**12 + 1)])
def test_other_amounts_are_refused(superuser, customer, amount):
    _, errors = adjust(superuser, customer, amount=amount)
    assert (list(errors), read_balance(customer.pk)) == (["amount"], 500)


@pytest.mark.parametrize(
    ("field", "value"), [("reason", "  "), ("currency", "dollar"), ("key", "order:1:charge")]
)
def test_a_reason_a_currency_and_the_forms_key_are_needed(superuser, customer, field, value):
    _, errors = adjust(superuser, customer, **{field: value})
    assert (list(errors), read_balance(customer.pk)) == ([field], 500)


def test_currencies_are_kept_apart(superuser, customer):
    adjust(superuser, customer, currency="coin")
    assert (read_balance(customer.pk), read_balance(customer.pk, Currency.COIN)) == (500, 100)


def test_adjusting_needs_its_own_permission(customer):
    browser = enter_admin("accounts.change_customer", "wallet.view_account", "wallet.view_transfer")
    answer = browser.post(page_of(Account, "adjust", customer.pk), {"act": "1"})
    assert (answer.status_code, read_balance(customer.pk)) == (403, 500)
    assert "Credit or debit" not in read(browser, page_of(Customer, "change", customer.pk))


@pytest.mark.parametrize("model", [Account, Transfer, HouseDay, WalletEvent])
def test_nothing_of_the_ledger_is_added_changed_or_deleted_by_hand(superuser, customer, model):
    account = house_id(Account.Kind.SALES)
    HouseDay.objects.create(account_id=account, day=timezone.now().date(), debits=1, credits=2)
    row = model.objects.latest("pk")
    before = list(model.objects.order_by("pk").values())
    paths = [page_of(model, "add"), page_of(model, "change", row.pk), page_of(model, "delete", row.pk)]
    answers = [superuser.post(path, {"balance": 1, "amount": 1, "post": "yes"}) for path in paths]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert list(model.objects.order_by("pk").values()) == before
    read(superuser, page_of(model, "change", row.pk))


def test_the_houses_balance_is_summed_up_on_its_page(superuser, customer):
    path = page_of(Account, "change", house_id(Account.Kind.ADJUSTMENTS))
    assert "<bdi>-500</bdi>" in read(superuser, path)


def test_transfers_are_found_by_customer_number_and_key(superuser, customer):
    other = make_customer(toman=70)
    mine, theirs = Transfer.objects.order_by("id")
    adjust(superuser, customer, direction="take")
    taken = Transfer.objects.latest("id")
    found = [
        found_ids(superuser, Transfer, q="0" + customer.mobile[3:]),
        found_ids(superuser, Transfer, q=other.username),
        found_ids(superuser, Transfer, q=str(mine.pk)),
        found_ids(superuser, Transfer, q=theirs.key),
    ]
    assert found == [[taken.pk, mine.pk], [theirs.pk], [mine.pk], [theirs.pk]]


def test_wallets_are_found_by_their_owner(superuser, customer):
    make_customer(toman=1)
    assert found_ids(superuser, Account, q=customer.username) == [open_wallet(customer.pk).pk]


def test_only_events_set_aside_are_handed_out_again(superuser, customer):
    WalletEvent.objects.all().delete()
    events = [WalletEvent.objects.create(customer=customer, kind="adjusted", failures=n) for n in (5, 2)]
    WalletEvent.objects.filter(pk=events[0].pk).update(set_aside_at=timezone.now())
    assert found_ids(superuser, WalletEvent, handling="set_aside") == [events[0].pk]
    data = {"action": "try_again", "_selected_action": [event.pk for event in events]}
    response = superuser.post(page_of(WalletEvent), data, follow=True)
    assert told(response) == ["1 event is handed out again."]
    rows = WalletEvent.objects.order_by("pk").values_list("failures", "set_aside_at")
    assert list(rows) == [(0, None), (2, None)]


def test_the_front_page_counts_events_set_aside(superuser, customer):
    WalletEvent.objects.update(set_aside_at=timezone.now())
    link = f'<a href="{page_of(WalletEvent)}?handling=set_aside"><strong><bdi>1</bdi></strong>'
    assert link in read(superuser, "/admin/")


def test_lists_take_as_many_statements_for_many_rows_as_for_few(superuser):
    models = (Account, Transfer, WalletEvent)
    for _ in range(2):
        make_customer(toman=1)
    read(superuser, page_of(Account))  # what is looked up once for each process
    few = [count_queries(superuser, page_of(model)) for model in models]
    for _ in range(12):
        make_customer(toman=1)
    assert [count_queries(superuser, page_of(model)) for model in models] == few
