"""Rules that give."""

import pytest

from panel.rewards.rules import read_rules


@pytest.fixture
def rules(db):
    """Rules by which everything is given: plenty of it, without waits that tests would have to sit out."""
    row = read_rules()
    row.free_credit_min = row.free_credit_max = 100
    row.free_credit_wait = row.wheel_wait_hours = 0
    row.free_credit_monthly = row.wheel_monthly = 1000
    row.daily_cap = 1_000_000
    row.referral_percent, row.referral_payments = 10, 2
    row.save()
    return row


def change(rules, **values):
    """Change the rules for what follows."""
    for name, value in values.items():
        setattr(rules, name, value)
    rules.save()
