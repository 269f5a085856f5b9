"""The pages of long work: one's own alone, with progress, file and cancel."""

import pytest
from django.urls import reverse

from panel.jobs import kinds
from panel.jobs.kinds import JobKind, add_job_kind
from panel.jobs.models import Job
from panel.jobs.running import run_jobs
from panel.jobs.starting import start_job
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text


@pytest.fixture
def job(customer, monkeypatch):
    """One that waits; it will make a file."""

    def work(run):
        run.write(b"a,b\r\n")
        run.finish({"rows": 1}, "rows.csv", "text/csv; charset=utf-8")

    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    add_job_kind(JobKind("test", "a test", work, lambda job: "One row.", lambda job: "/orders/"))
    return start_job(customer.pk, "test", {}, "once")


def page(job, name="job"):
    return reverse(f"dashboard:{name}", args=[job.pk])


def test_while_it_waits_the_page_asks_again(browser, job):
    Job.objects.filter(pk=job.pk).update(state="running", done=30, total=60, lease_until="2100-01-01T00:00Z")
    answer = browser.get(page(job))
    assert read_attributes(find_one(answer, "div", id="job"))["hx-get"] == page(job)
    assert read_attributes(find_one(answer, "progress"))["value"] == "50"
    fragment = browser.get(page(job), headers={"HX-Request": "true"})
    assert not find_all(fragment, "html")


def test_its_end_is_told_and_the_file_handed_out(browser, job):
    run_jobs()
    answer = browser.get(page(job))
    assert not find_all(answer, "progress")
    assert "One row." in read_text(find_one(answer, "div", id="job"))
    file = browser.get(page(job, "job_file"))
    assert b"".join(file.streaming_content) == b"a,b\r\n"
    assert file["Content-Disposition"] == 'attachment; filename="rows.csv"'
    assert (file["Content-Length"], file["Content-Type"]) == ("5", "text/csv; charset=utf-8")
    assert "rows.csv" in browser.get(reverse("dashboard:jobs")).content.decode()


def test_there_is_no_file_before_its_end(browser, job):
    assert browser.get(page(job, "job_file")).status_code == 404


def test_canceling_asks_first_and_needs_a_post(browser, job):
    assert read_attributes(find_one(browser.get(page(job)), "form", id="cancel-job"))["data-confirm"]
    assert browser.get(page(job, "cancel_job")).status_code == 405
    assert browser.post(page(job, "cancel_job")).status_code == 302
    assert Job.objects.get(pk=job.pk).state == "canceled"


@pytest.mark.parametrize("name", ["job", "job_file", "cancel_job"])
def test_nobody_sees_or_ends_anothers(stranger, job, name):
    run_jobs()
    ask = stranger.post if name == "cancel_job" else stranger.get
    assert ask(page(job, name)).status_code == 404
    assert Job.objects.get(pk=job.pk).state == "done"


def test_without_any_the_page_says_what_to_do(browser):
    assert find_all(browser.get(reverse("dashboard:jobs")), "div", class_="empty")
