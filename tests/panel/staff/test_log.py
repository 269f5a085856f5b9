"""The log of what staff did: written by shape, with what changed, and never changed itself."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from orders.models import Category, OrderEvent
from orders.services import place_order
from panel.accounts.models import Customer
from panel.jobs.models import FilePart, Job
from panel.staff.models import StaffAction
from panel.staff.roles import CATALOGUE, OWNER, SUPPORT
from panel.wallet.ledger import read_balance
from providers.models import Provider
from tests.factories import make_customer, make_service
from tests.panel.admin_visits import page_of
from tests.panel.staff.steps import act_as, enter_as, fill_form, written

pytestmark = pytest.mark.django_db
CATEGORY = {"name": "Instagram", "description": "", "image": "", "sort": "1", "active": "on"}


@pytest.fixture
def catalogue():
    return enter_as(CATALOGUE, username="shelves")


def test_an_addition_a_change_and_a_deletion_say_each_field_before_and_after(catalogue):
    catalogue.post(page_of(Category, "add"), CATEGORY)
    row = Category.objects.get()
    catalogue.post(page_of(Category, "change", row.pk), CATEGORY | {"name": "Telegram", "sort": "5"})
    catalogue.post(page_of(Category, "delete", row.pk), {"post": "yes"})
    rows = written("action", "changes", "object_text", "staff_name", "address", "path")
    assert [r[0] for r in rows] == ["login", "add", "change", "delete"]
    added, changed, deleted = (r[1] for r in rows[1:])
    assert (added["name"], added["sort"]) == ([None, "Instagram"], [None, 1])
    assert {name: changed[name] for name in ("name", "sort")} == {
        "name": ["Instagram", "Telegram"],
        "sort": [1, 5],
    }
    assert deleted["name"] == ["Telegram", None]
    assert rows[2][2:] == ("Telegram", "shelves", "127.0.0.1", page_of(Category, "change", row.pk))


def test_a_change_that_can_not_be_written_down_is_not_made(catalogue, monkeypatch):
    row = Category.objects.create(name="Instagram")

    def fail(*args, **kwargs):
        raise RuntimeError("no log")

    monkeypatch.setattr("panel.staff.receivers.record_action", fail)
    catalogue.raise_request_exception = False
    answer = catalogue.post(page_of(Category, "change", row.pk), CATEGORY | {"name": "Telegram"})
    row.refresh_from_db()
    assert (answer.status_code, row.name) == (500, "Instagram")


def test_money_by_hand_is_not_moved_without_its_line(monkeypatch):
    owner, customer = enter_as(OWNER), make_customer()
    path = reverse("admin:wallet_account_adjust", args=[customer.pk])
    form = {"act": "1", "key": "a" * 32, "direction": "give", "currency": "toman", "reason": "gift"}

    def fail(*args, **kwargs):
        raise RuntimeError("no log")

    owner.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("panel.staff.receivers.record_action", fail)
        assert owner.post(path, form | {"amount": "500"}).status_code == 500
    assert read_balance(customer.pk) == 0
    owner.post(path, form | {"amount": "700"})
    assert read_balance(customer.pk) == 700
    action, words, about = written("action", "words", "customer")[-1]
    assert (action, about, words.partition(": ")[2]) == ("change", customer.pk, "+700 toman. gift")


def test_an_action_on_several_rows_names_them(rf):
    support, customer, service = enter_as(SUPPORT), make_customer(toman=70_000), make_service()
    values = {"link": "https://instagram.com/p/abc", "quantity": "10"}
    place_order(customer.pk, "dashboard", service.pk, values)
    event = OrderEvent.objects.latest("pk")
    data = {"action": "try_again", "_selected_action": [event.pk]}
    support.post(page_of(OrderEvent), data)
    assert written("action", "words")[-1] == ("action", f"orders.orderevent: Hand out again: {event.pk}")


def test_a_form_that_wrote_nothing_itself_is_written_down_by_its_page():
    superuser = enter_as(is_superuser=True)
    path = reverse("admin:django_celery_beat_intervalschedule_add")
    superuser.post(path, {"every": "5", "period": "seconds"})
    row = written("action", "words", "path")[-1]
    assert row == ("request", "admin:django_celery_beat_intervalschedule_add", path)


def test_looking_writes_nothing(catalogue):
    before = written("id")
    catalogue.get(page_of(Category))
    catalogue.get(reverse("admin:index"))
    assert written("id") == before


def test_refused_forms_write_nothing(catalogue):
    before = written("id")
    assert catalogue.post(page_of(Customer, "add"), {}).status_code == 403
    assert written("id") == before


def test_rights_that_were_given_are_named():
    superuser, person = enter_as(is_superuser=True), enter_as(SUPPORT).staff
    path = page_of(Customer, "change", person.pk)
    form = fill_form(superuser, path, groups=[Group.objects.get(name=OWNER).pk])
    assert superuser.post(path, form).status_code == 302
    changes = written("changes", object_type="accounts.customer")[-1][0]
    assert changes["groups"] == [["support"], ["owner"]]


def test_logins_and_logouts_of_staff_are_kept_and_failed_ones_too(clean_redis):
    staff, customer = make_customer(is_staff=True, username="boss"), make_customer(username="sara")
    for person in (staff, customer):
        person.set_password("a good password 7")
        person.save()
    browser = Client()
    for name in ("boss", "sara", "nobody"):
        browser.post("/login/", {"username": name, "password": "wrong"})
    assert written("action", "staff_name") == [("failed", "boss")]
    browser.post("/admin/login/", {"username": "boss", "password": "a good password 7"})
    browser.post("/admin/logout/")
    browser.post("/login/", {"username": "sara", "password": "a good password 7"})
    names = [("failed", "boss"), ("login", "boss"), ("logout", "boss")]
    assert written("action", "staff_name") == names


def test_files_that_staff_take_are_kept():
    support, customer = enter_as(SUPPORT), make_customer()
    ended = {
        "state": Job.State.DONE,
        "kind": "export",
        "key": "x",
        "file_name": "orders.csv",
        "file_bytes": 1,
    }
    job = Job.objects.create(owner=customer, media_type="text/csv", **ended)
    FilePart.objects.create(job=job, number=0, content=b"x")
    act_as(support, customer)
    support.get(f"/jobs/{job.pk}/file/")
    row = written("action", "words", "acting_as")[-1]
    assert row == ("download", 'attachment; filename="orders.csv"', customer.pk)


CHANGES = [
    "UPDATE staff_staffaction SET words = 'nicer' WHERE id = %s",
    "UPDATE staff_staffaction SET words = words WHERE id = %s",
    "DELETE FROM staff_staffaction WHERE id = %s",
    "TRUNCATE staff_staffaction",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_no_statement_changes_a_row(catalogue, statement):
    before = list(StaffAction.objects.values())
    values = [before[0]["id"]] if "%s" in statement else []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement, values)
    assert list(StaffAction.objects.values()) == before


def test_rows_outlive_the_person_who_did_it(catalogue):
    catalogue.post(page_of(Category, "add"), CATEGORY)
    before = written("id", "staff_name", "action")
    catalogue.staff.delete()
    assert written("id", "staff_name", "action") == before
    owner = enter_as(OWNER)
    assert "shelves" in owner.get(page_of(StaffAction)).content.decode()


def test_secrets_of_a_provider_stand_nowhere():
    owner = enter_as(OWNER)
    typed = {
        "dialect": "standard",
        "name": "Up",
        "url": "https://up.example/api",
        "key": "the-secret-key",
        "password": "the-password",
    }
    path = page_of(Provider, "add")
    assert owner.post(path, fill_form(owner, path, **typed)).status_code == 302
    assert Provider.objects.get().key == "the-secret-key"
    changes = written("changes", object_type="providers.provider")[-1][0]
    assert changes["key"] == [None, "•••"]
    assert "the-secret-key" not in str(list(StaffAction.objects.values()))
