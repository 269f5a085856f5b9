"""What beat has the accounts forget, every hour."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from panel.accounts.models import ApiToken, LoginCode, LoginTry
from panel.accounts.tasks import purge_accesses
from panel.accounts.tokens import issue_token
from panel.celery import app
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def test_old_tries_asks_and_ended_tokens_go_together():
    month_ago = timezone.now() - timedelta(days=31)
    LoginTry.objects.create(subject="old", created=month_ago)
    LoginTry.objects.create(subject="new")
    for subject, created in (("email:old", month_ago), ("email:new", timezone.now())):
        LoginCode.objects.create(subject=subject, created=created, expires_at=created)
    customer = make_customer()
    key, _ = issue_token(customer, ApiToken.Contract.STANDARD, expires_at=month_ago)
    issue_token(customer, ApiToken.Contract.STANDARD, use=ApiToken.Use.ACCESS, expires_at=month_ago)
    purge_accesses()
    assert list(LoginTry.objects.values_list("subject", flat=True)) == ["new"]
    assert list(LoginCode.objects.values_list("subject", flat=True)) == ["email:new"]
    assert list(ApiToken.objects.all()) == [key]


def test_beat_runs_it_hourly():
    app.loader.import_default_modules()
    entries = [row for row in settings.CELERY_BEAT_SCHEDULE.values() if row["task"] == purge_accesses.name]
    assert [(row["schedule"], row["task"] in app.tasks) for row in entries] == [(3600.0, True)]
