"""Beat's sweep of payments."""

import pytest
from django.conf import settings

from panel.celery import app
from panel.wallet.ledger import read_balance
from panel.wallet.tasks import sweep_payments
from tests.panel.wallet.payments.steps import begin, make_due, pay_at_bank


@pytest.mark.django_db
def test_beat_credits_what_was_paid_behind_a_closed_tab(bank, customer):
    scheduled = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    payment = begin(customer)
    pay_at_bank(payment, "close")
    make_due(payment)
    assert (scheduled.count(sweep_payments.name), sweep_payments.name in app.tasks) == (1, True)
    sweep_payments()
    assert read_balance(customer.pk) == 50_000
