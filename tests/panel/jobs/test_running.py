"""Jobs on real rows: claimed once, fenced, resumed where they were, and their files whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.jobs import kinds
from panel.jobs.kinds import JobKind, add_job_kind
from panel.jobs.models import FilePart, Job
from panel.jobs.running import MAX_RUNS, JobFailed, JobLost, Run, _claim, purge_jobs, run_jobs
from panel.jobs.starting import MAX_LIVE, TooManyJobs, cancel_job, read_file, start_job
from panel.support.models import Notification
from tests.factories import make_customer
from tests.together import run_together


@pytest.fixture
def kind(monkeypatch):
    """Set the work of kind `test`."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    return lambda work: add_job_kind(JobKind("test", "a test", work))


@pytest.fixture
def owner(db):
    return make_customer()


def expire(job):
    """As if its worker had died a while ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def take_steps(run, upto, stop=None):
    """Write a notification for each number, a step each, from the checkpoint on."""
    for number in range((run.checkpoint or 0) + 1, upto + 1):
        with run.step(number, number, total=upto):
            Notification.objects.create(
                customer=run.job.owner, kind="job", message=number, key=f"job:{number}"
            )
        if number == stop:
            raise SystemExit  # as a killed worker: nothing of it is caught


def test_a_job_runs_and_its_file_is_what_was_written(owner, kind):
    content = bytes(range(256)) * 8192  # two megabytes: three parts with what follows

    def work(run):
        run.tell(1, 2)
        run.write(content)
        run.write(b"end")
        run.finish({"rows": 2}, "rows.csv", "text/csv")

    kind(work)
    job = start_job(owner.pk, "test", {"a": 1}, "once")
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total) == ("done", {"rows": 2}, 1, 2)
    assert (job.file_name, job.media_type, job.file_bytes) == ("rows.csv", "text/csv", len(content) + 3)
    assert b"".join(read_file(job)) == content + b"end"
    assert FilePart.objects.filter(job=job).count() == 3


def test_the_same_key_starts_nothing_twice(owner, kind):
    kind(lambda run: run.finish())
    first = start_job(owner.pk, "test", {}, "once")
    assert start_job(owner.pk, "test", {}, "once") == first
    assert start_job(make_customer().pk, "test", {}, "once") != first


def test_nobody_piles_up_jobs(owner, kind):
    kind(lambda run: run.finish())
    for number in range(MAX_LIVE):
        start_job(owner.pk, "test", {}, str(number))
    with pytest.raises(TooManyJobs):
        start_job(owner.pk, "test", {}, "more")


def test_after_a_killed_worker_the_next_goes_on_at_the_checkpoint(owner, kind):
    kind(lambda run: take_steps(run, 5, stop=3))
    job = start_job(owner.pk, "test", {}, "once")
    with pytest.raises(SystemExit):
        run_jobs()
    assert run_jobs() == 0  # the lease lasts
    expire(job)
    kind(lambda run: (take_steps(run, 5), run.finish()))
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.run, job.done) == ("done", 2, 5)
    assert Notification.objects.filter(kind="job").count() == 5


def test_who_was_overtaken_changes_nothing_any_more(owner, kind):
    kind(lambda run: run.finish())
    job = start_job(owner.pk, "test", {}, "once")
    old = Run(_claim())
    expire(job)
    assert run_jobs() == 1
    with pytest.raises(JobLost), old.step(1, 1):
        Notification.objects.create(customer=owner, kind="job", message="late", key="job:late")
    assert not Notification.objects.filter(kind="job").exists()
    for write in (lambda: old.tell(1), lambda: old.write(b"x" * (1 << 20)), old.finish):
        old._told_at = 0
        with pytest.raises(JobLost):
            write()
    assert not FilePart.objects.exists()


def test_a_canceled_job_stops_at_its_next_step_and_leaves_no_file(owner, kind):
    def work(run):
        run.write(b"x" * (1 << 20))
        assert cancel_job(run.job)
        with run.step(1, 1):
            Notification.objects.create(customer=owner, kind="job", message="late", key="job:late")

    kind(work)
    job = start_job(owner.pk, "test", {}, "once")
    run_jobs()
    job.refresh_from_db()
    assert job.state == "canceled"
    assert not cancel_job(job)
    assert not FilePart.objects.exists()
    assert not Notification.objects.filter(kind="job").exists()


def test_failing_is_told_in_words_and_a_bug_tells_no_secrets(owner, kind):
    def refuse(run):
        raise JobFailed("Nothing to export.")

    def stumble(run):
        raise RuntimeError("password=hunter2")

    kind(refuse)
    told = start_job(owner.pk, "test", {}, "told")
    run_jobs()
    kind(stumble)
    broken = start_job(owner.pk, "test", {}, "broken")
    run_jobs()
    told.refresh_from_db()
    broken.refresh_from_db()
    assert (told.state, told.error) == ("failed", "Nothing to export.")
    assert broken.state == "failed"
    assert "hunter2" not in broken.error


def test_a_job_that_kills_its_workers_is_given_up(owner, kind):
    kind(lambda run: run.finish())
    job = start_job(owner.pk, "test", {}, "once")
    Job.objects.filter(pk=job.pk).update(
        run=MAX_RUNS, state="running", lease_until=timezone.now() - timedelta(1)
    )
    run_jobs()
    job.refresh_from_db()
    assert job.state == "failed"


def test_one_person_has_one_job_running_and_all_have_so_many(owner, kind, settings):
    settings.JOBS_AT_ONCE = 2
    kind(lambda run: run.finish())
    for person in (owner, make_customer(), make_customer()):
        for number in range(2):
            start_job(person.pk, "test", {}, str(number))
    claimed = [_claim(), _claim(), _claim()]
    assert claimed[2] is None
    assert len({job.owner_id for job in claimed[:2]}) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_one_moment_share_the_jobs(kind, settings):
    settings.JOBS_AT_ONCE = 8
    kind(lambda run: run.finish())
    jobs = [start_job(make_customer().pk, "test", {}, "one") for _ in range(6)]
    claimed = run_together(*[_claim] * 8)
    assert sorted(job.pk for job in claimed if job) == sorted(job.pk for job in jobs)
    assert [job.run for job in claimed if job] == [1] * 6


def test_old_jobs_go_with_their_files(owner, kind):
    kind(lambda run: (run.write(b"x"), run.finish(file_name="x", media_type="text/csv")))
    old = start_job(owner.pk, "test", {}, "old")
    new = start_job(owner.pk, "test", {}, "new")
    run_jobs()
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=8))
    assert purge_jobs() == 1
    assert list(Job.objects.all()) == [new]
    assert FilePart.objects.count() == 1
