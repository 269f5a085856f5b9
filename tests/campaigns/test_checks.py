"""The system checks of the like exchange."""

import pytest
from django.core.checks.registry import registry

from campaigns import checks

OFF = dict.fromkeys((*checks.LOGIN, *checks.API, *checks.STORE), "")
LOGIN = {
    "INSTAGRAM_AUTHORIZE_URL": "https://instagram.example/authorize",
    "INSTAGRAM_TOKEN_URL": "https://instagram.example/token",
    "INSTAGRAM_CLIENT_ID": "id",
    "INSTAGRAM_CLIENT_SECRET": "made-up",
}
API = {"INSTAGRAM_API_URL": "https://instagram.example/v1", "INSTAGRAM_APP_TOKEN": "made-up"}
STORE = {"BAZAAR_URL": "https://store.example/api", "BAZAAR_PACKAGE": "app", "BAZAAR_SECRET": "made-up"}


def change(settings, values):
    settings.DEBUG = False
    for name, value in values.items():
        setattr(settings, name, value)


def tell(faults):
    return [(fault.id, fault.msg) for fault in faults]


def test_both_are_registered():
    both = {checks.check_outside_services, checks.check_exchange_limits}
    assert both <= registry.registered_checks


@pytest.mark.parametrize("given", [{}, LOGIN, API, STORE, {**LOGIN, **API, **STORE}])
def test_each_is_set_whole_or_not_at_all(settings, given):
    change(settings, OFF | given)
    assert tell(checks.check_outside_services(None)) == []


@pytest.mark.parametrize("whole", [LOGIN, API, STORE])
def test_whatever_is_missing_is_named(settings, whole):
    for name in whole:
        change(settings, OFF | whole | {name: ""})
        given = ", ".join(other for other in whole if other != name)
        told = [("campaigns.E001", f"{name} is not set, though {given} is.")]
        assert tell(checks.check_outside_services(None)) == told


@pytest.mark.parametrize("name", checks.ADDRESSES)
def test_plain_http_is_for_debug_alone(settings, name):
    change(settings, LOGIN | API | STORE | {name: "http://127.0.0.1:8899/x"})
    assert tell(checks.check_outside_services(None)) == [("campaigns.E002", f"{name} is not https.")]
    settings.DEBUG = True
    assert tell(checks.check_outside_services(None)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, 0) for name in checks.ABOVE_ZERO),
        ("LIKE_RECHECK_PERCENT", -1),
        ("LIKE_RECHECK_PERCENT", 100.5),
        ("LIKE_RECHECK_HOURS", [5.0]),
        ("LIKE_RECHECK_HOURS", [23.0, 1.0]),
        ("LIKE_RECHECK_HOURS", [1.0, 25.0]),
        ("LIKE_RECHECK_HOURS", [-1.0, 5.0]),
    ],
)
def test_limits_that_make_no_sense_are_refused(settings, name, value):
    assert checks.check_exchange_limits(None) == []
    setattr(settings, name, value)
    (fault,) = checks.check_exchange_limits(None)
    assert (fault.id, fault.msg.split()[0], bool(fault.hint)) == ("campaigns.E003", name, True)
