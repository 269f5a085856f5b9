"""Asking to be erased: by the customer with their password, by staff with a reason; and taking it back."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from orders.models import Order, WebhookEndpoint
from panel.accounts.models import Customer
from panel.personal.asking import ErasureRefused, ask_erasure, undo_erasure
from panel.personal.erasing import erase_due
from panel.personal.models import Erasure
from panel.staff.models import StaffAction
from panel.support.models import Ticket
from panel.wallet.adjustments import adjust_wallet
from tests.factories import make_customer
from tests.filling import fill_row
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
BACKEND = "panel.accounts.backends.MobileOrEmailBackend"
PAGE, ERASE, UNDO = "/personal/", "/personal/erase/", "/personal/erase/undo/"


@pytest.fixture(autouse=True)
def _english(client):
    """Sentences are compared in English."""
    client.cookies["language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def person(client):
    """A customer with a password, logged in."""
    customer = make_customer()
    customer.set_password(PASSWORD)
    customer.save()
    client.force_login(customer, backend=BACKEND)
    return customer


def make_operator(client, **rights):
    """A member of staff, logged in to the admin."""
    staff = make_customer(is_staff=True, **rights)
    client.force_login(staff, backend=BACKEND)
    return staff


def test_with_the_password_the_waiting_time_begins(client, person):
    assert client.post(ERASE, {"password": "wrong"}).status_code == 422
    assert Erasure.objects.count() == 0
    assert client.post(ERASE, {"password": PASSWORD}).status_code == 302
    erasure = Erasure.objects.get()
    assert (erasure.customer, erasure.asked_by, erasure.state) == (person, None, Erasure.State.WAITING)
    assert timedelta(days=6) < erasure.due_at - timezone.now() <= timedelta(days=7)
    assert UNDO in client.get(PAGE).content.decode()


def test_it_can_be_taken_back_until_it_begins(client, person):
    client.post(ERASE, {"password": PASSWORD})
    client.post(UNDO)
    assert Erasure.objects.get().state == Erasure.State.UNDONE
    assert ask_erasure(person.pk).state == Erasure.State.WAITING
    Erasure.objects.filter(state="waiting").update(due_at=timezone.now())
    assert (erase_due(), undo_erasure(person.pk)) == (1, False)
    assert client.get(PAGE).status_code == 302  # the session has ended


@pytest.mark.parametrize(
    ("model", "values", "words"),
    [
        (Order, {"settled_at": None}, "Orders are open"),
        (Ticket, {"status": "pending"}, "A ticket is open"),
    ],
)
def test_what_is_open_has_to_be_closed_first(client, person, model, values, words):
    fill_row(model, "x", {Customer: person}, **values)
    answer = client.post(ERASE, {"password": PASSWORD})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Erasure.objects.count() == 0


def test_a_wallet_with_money_is_not_erased(person):
    adjust_wallet(customer_id=person.pk, amount=3_000, reason="gift", key="k")
    with pytest.raises(ErasureRefused, match="In the wallet: 3,000 toman"):
        ask_erasure(person.pk)


def test_two_wishes_at_once_are_one(person):
    found = run_together(*[lambda: ask_erasure(person.pk).pk] * 2)
    assert (len(set(found)), Erasure.objects.count()) == (1, 1)


def test_many_wrong_passwords_are_throttled(client, person, settings):
    settings.LOGIN_TRIES = 3
    answers = [client.post(ERASE, {"password": "wrong"}).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]


def test_staff_with_the_right_erase_at_once_with_a_reason_that_is_logged(client):
    customer = make_customer()
    fill_row(WebhookEndpoint, "x", {Customer: customer})
    staff = make_operator(client, is_superuser=True)
    page = f"/admin/personal/erasure/erase/{customer.pk}/"
    assert client.post(page, {"act": "1", "reason": ""}).status_code == 200
    assert Erasure.objects.count() == 0
    assert client.post(page, {"act": "1", "reason": "asked by letter"}).status_code == 302
    erasure = Erasure.objects.get()
    assert (erasure.customer, erasure.asked_by, erasure.reason) == (customer, staff, "asked by letter")
    assert StaffAction.objects.filter(customer=customer.pk, staff=staff.pk).exists()
    assert (erase_due(), WebhookEndpoint.objects.count()) == (1, 0)


def test_without_the_right_nobody_erases_or_exports(client):
    customer = make_customer()
    make_operator(client)
    for word in ("erase", "export"):
        assert client.post(f"/admin/personal/erasure/{word}/{customer.pk}/", {"act": "1"}).status_code == 403
    assert Erasure.objects.count() == 0


def test_staff_are_not_erased():
    with pytest.raises(ErasureRefused, match="Staff are not erased"):
        ask_erasure(make_customer(is_staff=True).pk)


def test_a_transfer_takes_no_reason_that_names_the_customer():
    customer = make_customer(first_name="Zoroastr", email="zoro@example.com")
    for reason in (
        "for zoroastr",
        f"by {customer.mobile}",
        f"by 0{customer.mobile[3:]}",
        "to ZORO@example.com",
    ):
        with pytest.raises(ValueError, match="names nobody"):
            adjust_wallet(customer_id=customer.pk, amount=1, reason=reason, key=reason)


def test_a_name_inside_another_word_is_nobodys():
    customer = make_customer(first_name="Ali", email="zoro@example.com")
    assert (
        adjust_wallet(customer_id=customer.pk, amount=1, reason="quality of validation", key="k") is not None
    )
