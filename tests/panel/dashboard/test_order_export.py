"""The orders as a file: started by a form, made by a job, and read back as a spreadsheet program would."""

import csv
import io

import openpyxl
import pytest
from django.db import connection

from orders.models import Order
from orders.services import place_order
from panel.dashboard import order_export
from panel.jobs.models import Job
from panel.jobs.running import run_jobs
from tests.factories import make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_texts

HEADER = [
    *(
        "Number",
        "Date",
        "Date (ISO 8601)",
        "Service number",
        "Service",
        "Link",
        "In parts",
        "Status",
        "Quantity",
    ),
    *("Start count", "Remains", "Charge (toman)", "Refunded (toman)", "Ended (ISO 8601)", "Ordered through"),
]
FILL = """
INSERT INTO orders_order (customer_id, service_id, channel, link, quantity, charge, status)
SELECT %(customer)s, %(service)s, 'dashboard', 'https://t.me/' || n, 10, 0,
    CASE WHEN n %% 3 = 0 THEN 'error' ELSE 'completed' END
FROM generate_series(1, %(count)s) n RETURNING id, status
"""


@pytest.fixture
def place(customer, service):
    def make(link="https://t.me/x", of=None, **state):
        values = {"link": link, "quantity": "100"}
        placed = place_order(customer.pk, "dashboard", (of or service).pk, values)
        Order.objects.filter(pk=placed.order_id).update(created="2026-11-23T05:30:00Z", **state)
        return placed.order_id

    return make


def ask(browser, form="csv", **more):
    return browser.post("/orders/export/", {"form": form, "form_key": "once", **more})


def download(browser, form="csv", **more):
    """What the file of such a form holds."""
    answer = ask(browser, form, **more)
    assert run_jobs() == 1
    file = browser.get(answer.headers["Location"] + "file/")
    return file, b"".join(file.streaming_content)


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def test_a_csv_file_holds_all_of_every_order_that_matches(browser, place, service):
    place(status="pending")
    done = place(
        status="completed", start_count=7, remains=0, refunded=50, settled_at="2026-11-23T06:30:00.5Z"
    )
    file, content = download(browser, status="completed")
    assert content.startswith(b"\xef\xbb\xbf")
    assert (file["Content-Type"], file["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="orders.csv"',
    )
    assert read_csv(content) == [
        HEADER,
        [
            *(str(done), "2026/11/23 09:00", "2026-11-23T09:00:00+03:30", str(service.pk), "Likes"),
            *("https://t.me/x", "", "Completed", "100", "7", "0", "200", "50", "2026-11-23T10:00:00+03:30"),
            "Dashboard",
        ],
    ]


def test_an_excel_file_has_numbers_as_numbers_in_the_customer_s_language(persian, place, service):
    order_id = place(status="in_progress", remains=30)
    _, content = download(persian, "xlsx")
    (sheet,) = read_sheets(content)
    assert sheet[1] == [
        *(order_id, "۱۴۰۵/۰۹/۰۲ ۰۹:۰۰", "2026-11-23T09:00:00+03:30", service.pk, "Likes", "https://t.me/x"),
        *(None, "در حال انجام", 100, None, 30, 200, 0, None, "داشبورد"),
    ]
    assert sheet[0] != HEADER


def test_what_people_wrote_is_never_a_formula(browser, place):
    for link in ("=1+1", "@someone", "+98", "-x"):
        Order.objects.filter(pk=place()).update(link=link)
    _, content = download(browser)
    assert [row[5] for row in read_csv(content)[1:]] == ["'-x", "'+98", "'@someone", "'=1+1"]


def test_thousands_of_orders_come_in_order_without_gap_or_repetition(browser, place, customer, monkeypatch):
    first = Order.objects.get(pk=place(status="completed"))
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"count": 5_000, "customer": customer.pk, "service": first.service_id})
        made = cursor.fetchall()
    wanted = [pk for pk, status in reversed(made) if status == "completed"] + [first.pk]
    assert len(wanted) == 3_335
    _, content = download(browser, status="completed")
    assert [int(row[0]) for row in read_csv(content)[1:]] == wanted
    _, content = download(browser, "xlsx", status="completed")
    assert [row[0] for row in read_sheets(content)[0][1:]] == wanted
    monkeypatch.setattr(order_export, "MOST", 4)
    answer = ask(browser, form_key="cut")
    run_jobs()
    words = read_texts(browser.get(answer.headers["Location"]), "p", role="status")
    assert words == ["4 orders are in the file. Older ones are left out: ask for them by date."]


def test_the_form_carries_the_filters_and_the_job_leads_back(browser, place):
    place(status="completed")
    page = browser.get("/orders/?status=completed&q=t.me")
    form = find_one(page, "form", action="/orders/export/")
    inputs = [read_attributes(one) for one in form.children if one.name == "input"]
    sent = {one["name"]: one["value"] for one in inputs}
    assert (sent["status"], sent["q"]) == ("completed", "t.me")
    answer = browser.post("/orders/export/", sent | {"form": "csv"})
    run_jobs()
    page = browser.get(answer.headers["Location"])
    assert read_texts(page, "p", role="status") == ["1 order is in the file."]
    assert len(find_all(page, "a", href="/orders/?q=t.me&status=completed")) == 1


def test_a_form_sent_twice_is_one_job_and_the_other_kind_another(browser, place):
    place()
    first, again, other = ask(browser), ask(browser), ask(browser, "xlsx")
    assert first.headers["Location"] == again.headers["Location"]
    assert (other.headers["Location"] == first.headers["Location"], Job.objects.count()) == (False, 2)


@pytest.mark.parametrize("sent", [{"form": "pdf"}, {"form": ""}, {"since": "yesterday"}])
def test_what_can_not_be_read_begins_nothing(browser, place, sent):
    place()
    answer = browser.post("/orders/export/", {"form": "csv", "form_key": "once"} | sent, follow=True)
    assert read_texts(answer, "p", role="alert") == [
        "Choose a kind of file, and mend the filters that can't be read."
    ]
    assert not Job.objects.exists()


def test_too_many_at_once_are_told_to_wait(browser, place):
    place()
    for number in range(5):
        ask(browser, form_key=str(number))
    answer = browser.post("/orders/export/", {"form": "csv", "form_key": "6"}, follow=True)
    assert read_texts(answer, "p", role="alert") == [
        "Several of your exports are waiting. Begin another when one has ended."
    ]


def test_without_a_match_there_is_no_file(browser, place):
    place()
    answer = ask(browser, status="error")
    run_jobs()
    page = browser.get(answer.headers["Location"])
    assert read_texts(page, "p", role="status") == [
        "No order matches, so there is no file. Go back and ask for more."
    ]
    assert browser.get(answer.headers["Location"] + "file/").status_code == 404


def test_nobody_s_orders_but_one_s_own_are_in_it(stranger, place, service):
    place()
    answer = ask(stranger, service=service.pk)
    run_jobs()
    assert Job.objects.get().result == {"orders": 0, "cut": False}
    assert stranger.get("/orders/export/").status_code == 405
    assert answer.status_code == 302


def test_orders_in_parts_say_so_and_are_exported_by_kind(browser, customer, place):
    place()
    values = {"username": "someone", "min": 50, "max": 100, "posts": 5}
    place_order(customer.pk, "dashboard", make_service(type="subscriptions").pk, values)
    _, content = download(browser, kind="subscription")
    assert [row[5:7] for row in read_csv(content)[1:]] == [["someone", "Subscription"]]
    assert Job.objects.get().done == 1
