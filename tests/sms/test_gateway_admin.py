"""The admin of gateways and prices: secrets are written and never read, paused gateways are work."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from sms.models import Gateway, Package, SenderLine, SmsAccount
from tests.factories import make_customer
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
SECRETS = ("the-secret-token", "the-secret-password")
FORM = {
    "name": "Main",
    "kind": "rest",
    "url": "https://sms.example/api/v1/rest",
    "sender": "3000",
    "priority": "1",
    "active": "on",
    "token": "",
    "username": "",
    "password": "",
    "part_cost": "110.5",
}


def make_gateway(**fields):
    values = {"name": "Main", "kind": "rest", "url": FORM["url"], "sender": "3000"} | fields
    return Gateway.objects.create(**{"token": SECRETS[0], "username": "me", "password": SECRETS[1]} | values)


def pause(gateway, minutes=10):
    gateway.paused_until, gateway.pause_reason = timezone.now() + timedelta(minutes=minutes), "no credit"
    gateway.save()


def faults(response):
    return dict(response.context["adminform"].form.errors)


def test_a_gateway_is_made_and_its_secrets_are_never_shown(superuser):
    answer = superuser.post(page_of(Gateway, "add"), FORM | {"token": SECRETS[0]})
    row = Gateway.objects.get()
    assert (answer.status_code, row.token, str(row.part_cost)) == (302, SECRETS[0], "110.50")
    row.password = SECRETS[1]
    row.save()
    for browser in (superuser, enter_admin("sms.view_gateway")):
        for path in (page_of(Gateway), page_of(Gateway, "change", row.pk)):
            html = read(browser, path)
            assert [secret in html for secret in SECRETS] == [False, False]


def test_secrets_left_empty_stay_and_others_replace_them(superuser):
    row = make_gateway()
    path = page_of(Gateway, "change", row.pk)
    superuser.post(path, FORM | {"username": "me", "token": "another"})
    row.refresh_from_db()
    assert (row.token, row.password) == ("another", SECRETS[1])


def test_another_host_wants_the_secrets_anew(superuser):
    row = make_gateway()
    path = page_of(Gateway, "change", row.pk)
    answer = superuser.post(path, FORM | {"url": "https://other.example/rest", "username": "me"})
    assert sorted(faults(answer)) == ["password", "token"]
    row.refresh_from_db()
    assert row.url == FORM["url"]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ["token"]),
        ({"username": "me"}, ["token"]),
        ({"username": "me", "password": "x"}, []),
        ({"kind": "kavenegar", "username": "me", "password": "x"}, ["token"]),
        ({"kind": "kavenegar", "token": "x"}, []),
        ({"token": "x", "part_cost": "-1"}, ["part_cost"]),
    ],
)
def test_a_gateway_has_what_opens_it(superuser, values, fields):
    answer = superuser.post(page_of(Gateway, "add"), FORM | values)
    assert (sorted(faults(answer)) if answer.status_code == 200 else []) == fields
    assert Gateway.objects.count() == (0 if fields else 1)


def test_a_paused_gateway_is_work_until_it_is_resumed(superuser):
    row, running = make_gateway(), make_gateway(name="Second")
    make_gateway(name="Old", active=False, paused_until=timezone.now() + timedelta(hours=1))
    pause(row)
    pause(running, minutes=-1)
    link = f'<a href="{page_of(Gateway)}?paused=yes"><strong><bdi>1</bdi></strong> paused SMS gateways</a>'
    assert link in read(superuser, "/admin/")
    assert found_ids(superuser, Gateway, paused="yes") == [row.pk]
    resume = f"{page_of(Gateway)}{row.pk}/resume/"
    assert resume in read(superuser, page_of(Gateway, "change", row.pk))
    words = [told(superuser.post(resume, {"act": "1"}, follow=True)) for _ in range(2)]
    assert words == [["It is asked again from now on."], ["It is not paused any more."]]
    row.refresh_from_db()
    assert (row.paused_until, row.pause_reason) == (None, "")
    (entry,) = LogEntry.objects.filter(content_type__model="gateway")
    assert (entry.user, entry.get_change_message()) == (superuser.staff, "It is asked again from now on.")


def test_a_gateway_is_resumed_by_who_may_and_deleted_by_nobody(superuser):
    row = make_gateway()
    pause(row)
    watcher = enter_admin("sms.view_gateway")
    assert watcher.post(f"{page_of(Gateway)}{row.pk}/resume/", {"act": "1"}).status_code == 403
    assert superuser.post(page_of(Gateway, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert Gateway.objects.get().pause_reason == "no credit"


def test_there_is_one_default_package(superuser):
    form = {"name": "A", "persian_price": "200", "latin_price": "300", "active": "on", "is_default": "on"}
    superuser.post(page_of(Package, "add"), form)
    answer = superuser.post(page_of(Package, "add"), form | {"name": "B"})
    assert (answer.status_code, Package.objects.get().name) == (200, "A")


def test_lines_and_accounts_have_their_pages(superuser):
    customer = make_customer()
    line = {"number": "30001", "customer": customer.pk, "active": "on"}
    superuser.post(page_of(SenderLine, "add"), line)
    account = {"customer": customer.pk, "access": "on", "trial": "on"}
    superuser.post(page_of(SmsAccount, "add"), account)
    assert (SenderLine.objects.get().customer, SmsAccount.objects.get().trial) == (customer, True)
    assert found_ids(superuser, SmsAccount, q=customer.username) == [SmsAccount.objects.get().pk]
    assert [found_ids(superuser, SenderLine, q=term) for term in ("30001", "3")] == [
        [SenderLine.objects.get().pk],
        [],
    ]
