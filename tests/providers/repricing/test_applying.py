"""Changes of many prices: what was looked at is what is applied, once, and for a day it can be undone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from orders.models import Service, ServiceEvent
from panel.jobs.models import Job
from panel.jobs.running import run_jobs
from panel.jobs.showing import view_job
from panel.jobs.starting import cancel_job
from providers.models import PriceRun
from providers.repricing import applying
from providers.repricing.applying import TooLate, can_undo, confirm_run, undo_run
from providers.repricing.planning import (
    RunMoved,
    choose_services,
    count_rows,
    draft_run,
    plan_run,
    warnings_of,
)
from providers.repricing.rules import PriceRule
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db
TENTH = PriceRule("percent", Decimal(10))


@pytest.fixture
def services():
    """Five of 1,000 to 5,000 toman."""
    return [make_service(price=1000 * number) for number in range(1, 6)]


@pytest.fixture
def run(services):
    """Planned: ten percent more for all five."""
    drafted = draft_run(make_customer(is_staff=True).pk, Service.objects.all())
    return plan_run(drafted.pk, TENTH, "new costs", 0)


def prices():
    return list(Service.objects.order_by("pk").values_list("price", flat=True))


def set_price(service, price):
    Service.objects.filter(pk=service.pk).update(price=price)


def outcomes(run):
    return list(run.rows.order_by("service").values_list("outcome", flat=True))


def said(job):
    job = Job.objects.get(pk=job.pk)
    with override("en"):
        return job.state, view_job(job).words


def fail_at(monkeypatch, call):
    """Let the worker be killed within that call (1 for the first) of a step."""
    calls, work = [], applying._reprice

    def die(*values):
        calls.append(values)
        done = work(*values)
        if len(calls) == call:
            raise SystemExit
        return done

    monkeypatch.setattr(applying, "_reprice", die)


def expire(job):
    """As if its worker had died a while ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_what_was_planned_is_applied_with_an_event_each(run, services):
    job = confirm_run(run.pk, run.revision)
    run_jobs()
    assert said(job) == ("done", "5 prices were changed.")
    assert prices() == [1100, 2200, 3300, 4400, 5500]
    run.refresh_from_db()
    assert (run.state, outcomes(run)) == ("applied", ["applied"] * 5)
    assert list(ServiceEvent.objects.order_by("id").values_list("service", "kind", "data")) == [
        (row.pk, "price_changed", {"old": row.price, "new": row.price * 11 // 10, "reason": "bulk"})
        for row in services
    ]


def test_a_price_that_changed_since_it_was_looked_at_is_left_alone_and_told(run, services):
    set_price(services[1], 2500)
    job = confirm_run(run.pk, run.revision)
    run_jobs()
    words = "4 prices were changed. 1 was left alone: it had another price than the one you looked at."
    assert said(job) == ("done", words)
    assert (prices()[1], outcomes(run)[1]) == (2500, "passed")


def test_what_was_planned_anew_or_confirmed_already_is_not_confirmed(run):
    plan_run(run.pk, TENTH, "", run.revision)
    for act in (confirm_run, undo_run):
        with pytest.raises(RunMoved):
            act(run.pk, run.revision)
    confirm_run(run.pk, run.revision + 1)
    for act in (
        lambda: confirm_run(run.pk, run.revision + 2),
        lambda: plan_run(run.pk, TENTH, "", run.revision + 2),
    ):
        with pytest.raises(RunMoved):
            act()
    assert Job.objects.count() == 1


def test_a_draft_without_a_rule_is_not_confirmed(services):
    drafted = draft_run(make_customer().pk, Service.objects.all())
    with pytest.raises(RunMoved):
        confirm_run(drafted.pk, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("call", [1, 2, 3])
def test_after_a_killed_worker_every_price_changes_exactly_once(run, monkeypatch, call):
    monkeypatch.setattr(applying, "STEP", 2)
    job = confirm_run(run.pk, run.revision)
    with monkeypatch.context() as patch:
        fail_at(patch, call)
        with pytest.raises(SystemExit):
            run_jobs()
    assert (
        prices()
        == [1100, 2200, 3300, 4400, 5500][: 2 * (call - 1)] + [1000, 2000, 3000, 4000, 5000][2 * (call - 1) :]
    )
    expire(job)
    run_jobs()
    assert said(job) == ("done", "5 prices were changed.")
    assert prices() == [1100, 2200, 3300, 4400, 5500]
    assert ServiceEvent.objects.filter(kind="price_changed").count() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("call", [1, 2, 3])
def test_after_a_killed_worker_undoing_goes_on_where_it_was(run, monkeypatch, call):
    monkeypatch.setattr(applying, "STEP", 2)
    confirm_run(run.pk, run.revision)
    run_jobs()
    run.refresh_from_db()
    job = undo_run(run.pk, run.revision)
    with monkeypatch.context() as patch:
        fail_at(patch, call)
        with pytest.raises(SystemExit):
            run_jobs()
    expire(job)
    run_jobs()
    assert said(job) == ("done", "5 old prices are back.")
    assert prices() == [1000, 2000, 3000, 4000, 5000]
    assert ServiceEvent.objects.filter(kind="price_changed").count() == 10


def test_undoing_keeps_what_was_changed_since(run, services):
    confirm_run(run.pk, run.revision)
    run_jobs()
    set_price(services[0], 999)
    run.refresh_from_db()
    job = undo_run(run.pk, run.revision)
    run_jobs()
    assert said(job) == ("done", "4 old prices are back. 1 was kept: its price was changed since.")
    assert prices() == [999, 2000, 3000, 4000, 5000]
    run.refresh_from_db()
    assert (run.state, outcomes(run)) == ("undone", ["kept", *["undone"] * 4])
    with pytest.raises(TooLate):
        undo_run(run.pk, run.revision)


def test_undoing_is_for_a_day_and_not_while_it_works(run):
    assert not can_undo(run)
    confirm_run(run.pk, run.revision)
    run.refresh_from_db()
    assert not can_undo(run)
    run_jobs()
    run.refresh_from_db()
    assert can_undo(run)
    run.confirmed_at -= timedelta(hours=24)
    assert not can_undo(run)


@pytest.mark.django_db(transaction=True)
def test_what_a_canceled_job_left_half_done_can_be_undone(run, monkeypatch):
    monkeypatch.setattr(applying, "STEP", 2)
    job = confirm_run(run.pk, run.revision)
    with monkeypatch.context() as patch:
        fail_at(patch, 2)
        with pytest.raises(SystemExit):
            run_jobs()
    assert cancel_job(job)
    run.refresh_from_db()
    undo_run(run.pk, run.revision)
    run_jobs()
    assert prices() == [1000, 2000, 3000, 4000, 5000]


@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_one_moment_it_starts_once(run):
    answers = run_together(*[lambda: confirm_run(run.pk, run.revision)] * 4)
    assert [type(answer) for answer in answers].count(RunMoved) == 3
    assert Job.objects.count() == 1


def test_services_are_chosen_by_category_kind_and_provider(services):
    provider = make_provider("http://127.0.0.1:1")
    make_route(services[0], provider)
    make_route(services[0], provider, "2")
    Service.objects.filter(pk=services[1].pk).update(kind="like", active=False)
    chosen = [
        choose_services(category=services[2].category_id),
        choose_services(kind="like"),
        choose_services(kind="like", only_active=True),
        choose_services(provider=provider.pk),
    ]
    ids = [
        [row.pk for row in draft_run(make_customer().pk, rows).rows.order_by("service")] for rows in chosen
    ]
    assert [len(rows) for rows in ids] == [1, 1, 0, 1]


def test_rows_tell_cost_and_warnings(services):
    provider = make_provider("http://127.0.0.1:1", rate=10)
    for service, cost in zip(services, (100, 90, 500), strict=False):
        make_route(service, provider, cost=cost)
    drafted = draft_run(make_customer().pk, Service.objects.all())
    run = plan_run(drafted.pk, PriceRule("margin", Decimal(20), most=1200), "", 0)
    told = [(row.old, row.new, row.cost, warnings_of(row)) for row in run.rows.order_by("service")]
    assert told == [
        (1000, 1200, 1000, []),
        (2000, 1080, 900, []),
        (3000, 1200, 5000, ["below_cost"]),
        (4000, None, None, ["unknown"]),
        (5000, None, None, ["unknown"]),
    ]
    counts = count_rows(run)
    assert [counts[name] for name in ("all", "change", "below_cost", "unknown", "free", "doubled")] == [
        5,
        3,
        1,
        2,
        0,
        0,
    ]


def test_old_drafts_go_and_confirmed_changes_stay(run, services):
    left = draft_run(run.owner_id, Service.objects.all())
    confirm_run(run.pk, run.revision)
    PriceRun.objects.update(created=timezone.now() - timedelta(days=2))
    new = draft_run(run.owner_id, Service.objects.all())
    assert set(PriceRun.objects.values_list("pk", flat=True)) == {run.pk, new.pk} - {left.pk}
