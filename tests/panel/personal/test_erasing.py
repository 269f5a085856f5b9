"""Erasing: nothing personal is left anywhere, the book is as it was, and every step may be done twice."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from orders.models import Order
from panel.accounts.models import ApiToken, BrowserSession, Customer
from panel.personal import erasing
from panel.personal.asking import ask_erasure
from panel.personal.erasing import erase, erase_due
from panel.personal.models import Erasure
from panel.staff.models import StaffAction
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_key
from tests.filling import fill_row
from tests.panel.personal.lived_in import NAME, find_needles, make_lived_in

pytestmark = pytest.mark.django_db(transaction=True)


def ask(customer):
    """A wish that is due now."""
    return Erasure.objects.create(customer=customer, due_at=timezone.now())


def test_of_an_erased_customer_nothing_is_found_in_any_column():
    customer = make_lived_in()
    assert len(find_needles()) > 50
    assert erase(ask(customer).pk) is True
    assert find_needles() == []


def test_the_row_stays_without_a_person():
    customer = make_customer(first_name="Ann")
    erase(ask(customer).pk)
    row = Customer.objects.get(pk=customer.pk)
    assert (row.username, row.mobile, row.email, str(row)) == (
        f"erased-{row.pk}",
        None,
        None,
        f"erased-{row.pk}",
    )
    assert (row.is_active, row.has_usable_password()) == (False, False)


def test_another_customer_keeps_everything():
    other = make_lived_in()
    before = find_needles()
    erase(ask(make_customer()).pk)
    assert find_needles() == before
    assert Customer.objects.get(pk=other.pk).first_name == NAME


def test_the_book_is_as_it_was():
    customer = make_customer(toman=500)
    moved = list(Transfer.objects.order_by("pk").values())
    erasure = ask(customer)
    assert erase(erasure.pk) is False  # the wallet is not empty
    adjust_wallet(customer_id=customer.pk, amount=-500, reason="paid out", key="out")
    assert erase(erasure.pk) is True
    assert list(Transfer.objects.order_by("pk").values())[: len(moved)] == moved
    assert (Transfer.objects.count(), read_balance(customer.pk)) == (len(moved) + 1, 0)
    with open_snapshot():
        assert [line for check in (*WALLET_CHECKS, *list_added_checks()) for line in find_drifts(check)] == []


def test_sessions_and_keys_end_before_anything_else(monkeypatch):
    customer = make_customer()
    make_key(customer)
    fill_row(BrowserSession, "x", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    monkeypatch.setattr(erasing, "list_personal", list)
    erase(ask(customer).pk)
    assert (BrowserSession.objects.count(), ApiToken.objects.filter(revoked_at=None).count()) == (0, 0)
    assert Customer.objects.get(pk=customer.pk).is_active is False


def test_a_run_that_dies_in_the_middle_is_finished_by_the_next(monkeypatch):
    customer = make_lived_in()
    erasure = ask(customer)
    all_parts = erasing.list_personal()
    monkeypatch.setattr(erasing, "list_personal", lambda: [*all_parts[:9], None])
    with pytest.raises(AttributeError):
        erase(erasure.pk)
    assert Erasure.objects.get().state == Erasure.State.RUNNING
    monkeypatch.setattr(erasing, "list_personal", lambda: all_parts)
    assert (erase_due(), erase_due()) == (1, 0)
    assert (find_needles(), Erasure.objects.get().state) == ([], Erasure.State.DONE)


def test_many_rows_go_in_batches(monkeypatch):
    monkeypatch.setattr(erasing, "BATCH", 2)
    customer = make_lived_in()
    for _ in range(3):
        fill_row(Order, "x", {Customer: customer}, link=NAME, settled_at=timezone.now(), status="completed")
    erase(ask(customer).pk)
    assert find_needles() == []
    assert Order.objects.exclude(link="erased").filter(customer=customer).count() == 0


def test_before_its_time_and_taken_back_nothing_happens():
    customer = make_customer()
    erasure = ask_erasure(customer.pk)
    assert erase_due() == 0
    Erasure.objects.update(state=Erasure.State.UNDONE, due_at=timezone.now())
    assert (erase_due(), erase(erasure.pk)) == (0, False)
    assert Customer.objects.get(pk=customer.pk).is_active is True


def test_what_was_opened_meanwhile_puts_it_off_for_a_day():
    customer = make_customer()
    erasure = ask(customer)
    fill_row(Order, "x", {Customer: customer}, settled_at=None)
    assert erase_due() == 0
    erasure.refresh_from_db()
    assert erasure.due_at > timezone.now() + timedelta(hours=23)


def test_the_log_of_staff_keeps_its_lines_and_lets_nobody_else_change_them():
    customer = make_customer()
    line = fill_row(StaffAction, NAME, {Customer: customer}, customer=customer, staff=make_customer())
    with pytest.raises(DatabaseError):
        StaffAction.objects.update(words="")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL panel.erasing = 'on'")
        StaffAction.objects.update(object_text="", changes={}, words="", reason="", staff_name="nobody")
    erase(ask(customer).pk)
    row = StaffAction.objects.get(pk=line.pk)
    assert (row.customer_id, row.staff_id, row.action) == (customer.pk, line.staff_id, line.action)
    assert (row.object_text, row.words, row.reason, row.changes) == ("", "", "", {})
