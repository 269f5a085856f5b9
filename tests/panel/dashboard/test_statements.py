"""The wallet's filters, its chart, and its statements as files."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from panel.dashboard.statement import begin_of, read_filter, sum_days
from panel.jobs.models import Job
from panel.jobs.running import run_jobs
from panel.jobs.starting import read_file
from panel.lib.dates import TEHRAN, format_date
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, Transfer
from panel.wallet.months import Month, find_month
from panel.wallet.statement import find_wallet
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts


def add(customer, amount, kind, days_ago, key):
    """A transfer into the customer's wallet so many days ago."""
    wallet = open_wallet(customer.pk)
    Transfer.objects.create(
        debit_id=house_id(Account.Kind.PROMOTIONS),
        credit_id=wallet.pk,
        amount=amount,
        currency="toman",
        kind=kind,
        key=key,
        created=timezone.now() - timedelta(days=days_ago),
    )
    Account.objects.filter(pk=wallet.pk).update(balance=wallet.balance + amount)


def figures(response):
    return [row[1:] for row in read_rows(response) if len(row) == 4]


@pytest.fixture
def customer(db):
    """Got a bonus ten days ago, a reward five days ago, and 100,000 now."""
    row = make_customer()
    add(row, 500, "bonus", 10, "payment:7:bonus")
    add(row, 300, "reward", 5, "free-credit:0")
    adjust_wallet(customer_id=row.pk, amount=100_000, reason="test", key="in")
    return row


def day(days_ago, language="en"):
    return format_date((timezone.now() - timedelta(days=days_ago)).astimezone(TEHRAN).date(), language)


def test_a_kind_is_filtered_with_the_balances_of_the_whole(browser):
    assert figures(browser.get("/wallet/", {"kind": "bonus"})) == [["Bonus Payment #7", "500", "500"]]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_days_are_filtered_in_either_calendar(browser, language):
    query = {"since": day(11, language), "until": day(9, language)}
    assert figures(browser.get("/wallet/", query)) == [["Bonus Payment #7", "500", "500"]]


def test_nothing_found_is_not_nothing_there(browser):
    page = browser.get("/wallet/", {"kind": "sms"})
    assert read_texts(page, "div", class_="empty") == ["No transfer fits this filter. Show all of them"]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        (
            {"since": "tomorrow"},
            "since",
            "Write the day as year/month/day, for example 1405/09/06 or 2026/11/27.",
        ),
        ({"since": "2026/11/02", "until": "2026/11/01"}, "until", "This day is before the first one."),
    ],
)
def test_a_day_that_can_not_be_read_is_told_beside_it_and_kept(browser, query, field, words):
    page = browser.get("/wallet/", query)
    assert read_text(find_one(page, "p", id=f"error-{field}")) == words
    box = read_attributes(find_one(page, "input", id=f"filter-{field}"))
    assert (box["value"], box["aria-describedby"]) == (query[field], f"error-{field}")
    assert figures(page) == []


def test_a_kind_that_does_not_exist_filters_nothing(browser):
    assert not read_filter({"kind": "nonsense"})
    assert len(figures(browser.get("/wallet/", {"kind": "nonsense\0"}))) == 3


def test_pages_of_a_filter_keep_it(browser, customer):
    for n in range(27):
        add(customer, 1, "reward", 1, f"free-credit:{n + 1}")
    first = browser.get("/wallet/", {"kind": "reward"})
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    assert older.startswith("?kind=reward&before=")
    assert (len(figures(first)), len(figures(browser.get(f"/wallet/{older}")))) == (25, 3)


def test_the_chart_has_what_came_and_went_by_day(browser, customer):
    adjust_wallet(customer_id=customer.pk, amount=-900, reason="test", key="out")
    days = sum_days(find_wallet(customer.pk))
    assert [(one.gained, one.spent) for one in days if one.gained or one.spent] == [
        (500, 0),
        (300, 0),
        (100_000, 900),
    ]
    assert len(days) == 30
    shown = [row[1:] for row in read_rows(browser.get("/wallet/")) if len(row) == 3]
    assert shown == [["100,000", "900"], ["300", "0"], ["500", "0"]]


def test_a_day_begins_at_midnight_in_tehran():
    assert begin_of(datetime(2026, 11, 27).date()).isoformat() == "2026-11-27T00:00:00+03:30"


@pytest.mark.parametrize("query", [{}, {"kind": "reward"}, {"kind": "reward", "since": "2026/01/01"}])
def test_the_page_takes_few_queries_however_many_rows(
    browser, customer, query, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(12) as counted:
            browser.get("/wallet/", query)
        return len(counted)

    few = count()
    for n in range(60):
        add(customer, 1, "reward", 0, f"free-credit:{n + 1}")
    assert count() == few


def test_an_export_is_what_the_filter_shows(browser, customer):
    answer = browser.post(
        "/wallet/statements/export/", {"format": "csv", "currency": "toman", "kind": "bonus"}
    )
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert run_jobs() == 1
    job.refresh_from_db()
    lines = b"".join(read_file(job)).decode("utf-8-sig").splitlines()
    row = Transfer.objects.get(kind="bonus")
    assert lines[0] == "Transfer,Date,What for,Number,Note,Amount,Balance after"
    assert lines[1].split(",")[:1] + lines[1].split(",")[2:] == [str(row.pk), "Bonus", "7", "", "500", "500"]
    assert (len(lines), job.file_name, job.result) == (2, "toman-statement.csv", {"rows": 1})
    page = browser.get(f"/jobs/{job.pk}/")
    assert "The file has 1 transfer." in page.content.decode()


def test_a_form_that_is_sent_twice_starts_one_export(browser):
    data = {"format": "xlsx", "currency": "toman", "key": "k1"}
    places = {browser.post("/wallet/statements/export/", data).headers["Location"] for _ in range(2)}
    assert (len(places), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "data", [{}, {"format": "exe", "currency": "toman"}, {"format": "csv", "currency": "euro"}]
)
def test_no_other_tables_are_made(browser, data):
    assert (browser.post("/wallet/statements/export/", data).status_code, Job.objects.count()) == (400, 0)


def test_months_are_listed_with_their_sums_and_documents(browser, persian, customer):
    customer.created = timezone.now() - timedelta(days=200)
    customer.save()
    now = timezone.now().astimezone(TEHRAN)
    english, jalali = (browser.get("/wallet/statements/"), persian.get("/wallet/statements/"))
    assert read_rows(english)[0][0] == f"{now:%B %Y}"
    assert sum(int(row[1].replace(",", "")) for row in read_rows(english)) == 100_800
    assert [len(read_rows(page)) in (7, 8) for page in (english, jalali)] == [True, True]
    months = [find_month(now, language) for language in ("en", "fa")]
    links = [f"/wallet/statements/{month.year}-{month.month}.pdf" for month in months]
    found = [len(find_all(page, "a", href=link)) for page, link in zip((english, jalali), links, strict=True)]
    assert found == [1, 1]


def test_a_month_is_a_pdf_and_nobody_else_s(browser, stranger, customer):
    path = f"/wallet/statements/{Month(timezone.now().year, timezone.now().month)}.pdf"
    mine = browser.get(path)
    assert stranger.get(path).content != mine.content
    assert (mine.headers["Content-Type"], mine.content[:5]) == ("application/pdf", b"%PDF-")
    assert mine.headers["Content-Disposition"].startswith('attachment; filename="statement-')
    for bad in ("2026-13", "1777-01", "0-0"):
        assert browser.get(f"/wallet/statements/{bad}.pdf").status_code == 404


def test_a_month_with_many_transfers_is_long_work(browser, customer, monkeypatch):
    monkeypatch.setattr("panel.wallet.statement_files.AT_A_GLANCE", 1)
    add(customer, 1, "reward", 0, "free-credit:1")
    now = timezone.now().astimezone(TEHRAN)
    rows = Transfer.objects.filter(created__gte=find_month(now, "en").begin).count()
    page = browser.get(f"/wallet/statements/{now.year}-{now.month}.pdf")
    values = {
        one["name"]: one["value"] for one in map(read_attributes, find_all(page, "input", type="hidden"))
    }
    assert (Job.objects.count(), values["year"], values["month"]) == (0, str(now.year), str(now.month))
    browser.post("/wallet/statements/document/", values)
    assert run_jobs() == 1
    job = Job.objects.get()
    assert (job.state, job.result, job.media_type) == ("done", {"rows": rows}, "application/pdf")
    assert b"".join(read_file(job))[:5] == b"%PDF-"
