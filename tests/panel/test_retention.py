"""How long everything is kept: every model is classified, and what goes by age goes."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.utils import timezone

from panel import retention
from providers import retention as answers
from providers.models import Dispatch
from sms import retention as texts
from sms.models import Message, PhonebookImport
from tests.filling import fill_row

LABELS = {model._meta.label for model in apps.get_models()}
TASKS = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}


def test_every_model_is_classified_once():
    kept = [label for labels in retention.KEPT.values() for label in labels.split()]
    assert sorted([*kept, *retention.DELETED_BY]) == sorted(LABELS)


def test_what_goes_by_age_is_deleted_by_a_task_of_beat():
    tasks = {*retention.DELETED_BY.values(), *retention.WIPED_BY.values()}
    assert tasks - TASKS == set()
    assert retention.WIPED_BY.keys() - retention.list_kept().keys() == set()


@pytest.fixture
def age(db, settings):
    """Gives rows of a model an age of so many days."""
    settings.RAW_EXCHANGE_DAYS = 30

    def make_older(row, days):
        type(row).objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(days=days))

    return make_older


def test_answers_of_upstreams_are_forgotten_after_30_days(age):
    rows = [
        fill_row(Dispatch, "x", excerpt="told", state=state, idempotency_key=str(number))
        for number, state in enumerate(["rejected", "accepted", "unclear", "accepted"])
    ]
    for row, days in zip(rows, (40, 31, 31, 29), strict=True):
        age(row, days)
    assert (answers.wipe_excerpts(), answers.wipe_excerpts()) == (2, 0)
    left = Dispatch.objects.order_by("pk").values_list("excerpt", flat=True)
    assert list(left) == ["", "", "told", "told"]


def test_many_go_in_batches(age, monkeypatch):
    monkeypatch.setattr(answers, "BATCH", 2)
    for number in range(5):
        age(fill_row(Dispatch, "x", excerpt="told", state="rejected", idempotency_key=str(number)), 31)
    assert (answers.wipe_excerpts(), Dispatch.objects.exclude(excerpt="").count()) == (5, 0)


def test_texts_of_messages_and_faults_of_imports_are_forgotten_after_30_days(age):
    old = [
        fill_row(
            Message, "x", key=state, to="+989120003001", state=state, text="hello", values="{}", send=None
        )
        for state in ("sent", "delivered", "unclear")
    ]
    for row in old:
        age(row, 31)
    young = fill_row(Message, "x", key="young", to="+989120003001", state="sent", text="hello", send=None)
    imported = fill_row(PhonebookImport, "x", faults=[["1", "0912"]])
    age(imported, 31)
    assert (texts.wipe_texts(), texts.wipe_texts()) == (3, 0)
    left = dict(Message.objects.values_list("key", "text"))
    assert left == {"sent": "", "delivered": "", "unclear": "hello", "young": "hello"}
    assert Message.objects.get(pk=young.pk).text == "hello"
    assert PhonebookImport.objects.get().faults == []
