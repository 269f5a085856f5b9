"""Patterns: what may be written, who may send it, and what a filled one says."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from sms import patterns
from sms.gateway.codes import SendState
from sms.models import Pattern
from sms.patterns import (
    PatternRefused,
    approve_pattern,
    create_pattern,
    delete_pattern,
    fill_pattern,
    find_sendable_pattern,
    list_patterns,
    list_waiting,
    read_variables,
    reject_pattern,
)
from sms.refusals import SmsRefused
from tests.factories import make_customer
from tests.together import run_together

BODY = "کد شما: {code} برای {name}، {code}"


@pytest.fixture
def customer(db):
    return make_customer()


@pytest.fixture
def pattern(customer):
    """A pattern that may be sent."""
    pattern = create_pattern(customer.pk, "code", BODY)
    approve_pattern(pattern.pk)
    return pattern


def refuse(work, *args):
    """The code with which it is refused."""
    with pytest.raises(SmsRefused) as refused:
        work(*args)
    assert refused.value.detail
    return refused.value.code


def state_of(pattern):
    row = Pattern.objects.get(pk=pattern.pk)
    return row.state, row.reason, row.decided_at is not None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (BODY, ["code", "name"]),
        ("no variable", []),
        ("{a}{b2}{_c}{نام}", ["a", "b2", "_c", "نام"]),
        ("{" + "x" * 32 + "}", ["x" * 32]),
    ],
)
def test_variables_of_a_body(body, names):
    assert read_variables(body) == names


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "}",
        "{}",
        "{ code }",
        "{a b}",
        "{1}",
        "{{code}}",
        "{a{b}}",
        "{code",
        "code}",
        "{a-b}",
        "{" + "x" * 33 + "}",
    ],
)
def test_malformed_braces_are_refused(customer, body):
    with override("en"), pytest.raises(PatternRefused, match="A variable is a name in braces, like {code}:"):
        create_pattern(customer.pk, "code", f"text {body}")
    assert Pattern.objects.count() == 0


@settings(deadline=None)
@given(st.text("{}ab1_ ن", max_size=20))
def test_any_body_is_read_or_refused(body):
    try:
        names = read_variables(body)
    except PatternRefused:
        return
    filled = fill_pattern(Pattern(body=body), dict.fromkeys(names, ""))
    assert set("{}") & set(filled) == set()


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("", BODY),
        (" ", BODY),
        ("x" * 101, BODY),
        ("a\x00", BODY),
        ("title", ""),
        ("title", " \n "),
        ("title", "x" * 1001),
        ("title", "\ud800"),
        ("title", "".join(f"{{v{number}}}" for number in range(21))),
    ],
)
def test_bounds_of_a_pattern(customer, title, body):
    with pytest.raises(PatternRefused):
        create_pattern(customer.pk, title, body)
    assert Pattern.objects.count() == 0


def test_a_new_pattern_waits_and_is_listed_for_its_customer_alone(customer):
    create_pattern(make_customer().pk, "of another", BODY)
    rows = [create_pattern(customer.pk, f" title {number} ", f" {BODY}\n") for number in range(2)]
    assert [(row.pk, row.title, row.body) for row in list_patterns(customer.pk)] == [
        (rows[1].pk, "title 1", BODY),
        (rows[0].pk, "title 0", BODY),
    ]
    assert (state_of(rows[0]), list_waiting().count()) == (("pending", "", False), 3)


def test_a_customer_has_so_many_patterns_at_most(customer, monkeypatch):
    monkeypatch.setattr(patterns, "MAX_PATTERNS", 1)
    create_pattern(customer.pk, "one", BODY)
    with override("en"), pytest.raises(PatternRefused, match="You can have at most 1 patterns."):
        create_pattern(customer.pk, "two", BODY)
    assert Pattern.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_patterns_made_at_once_pass_the_limit_together_never(monkeypatch):
    monkeypatch.setattr(patterns, "MAX_PATTERNS", 2)
    customer = make_customer()
    results = run_together(*[lambda: create_pattern(customer.pk, "one", BODY)] * 4)
    assert sum(isinstance(result, PatternRefused) for result in results) == Pattern.objects.count() == 2


def test_only_an_approved_pattern_of_ones_own_is_sendable(customer, pattern):
    assert (
        find_sendable_pattern(customer.pk, str(pattern.pk))
        == find_sendable_pattern(customer.pk, pattern.pk)
        == pattern
    )
    waiting, rejected = (create_pattern(customer.pk, "other", BODY) for _time in range(2))
    reject_pattern(rejected.pk, "no")
    stranger = make_customer()
    calls = [
        *((customer.pk, row.pk) for row in (waiting, rejected)),
        (stranger.pk, pattern.pk),
        *((customer.pk, value) for value in (0, -1, 2**63, 10**30, "", "x", None, True, [1])),
    ]
    assert [refuse(find_sendable_pattern, *call) for call in calls] == [SendState.PATTERN_INACTIVE] * len(
        calls
    )


def test_a_pattern_is_deleted_by_its_owner_alone(customer, pattern):
    assert refuse(delete_pattern, make_customer().pk, pattern.pk) == SendState.PATTERN_INACTIVE
    assert refuse(delete_pattern, customer.pk, "x") == SendState.PATTERN_INACTIVE
    assert Pattern.objects.count() == 1
    delete_pattern(customer.pk, pattern.pk)
    assert (Pattern.objects.count(), refuse(delete_pattern, customer.pk, pattern.pk)) == (
        0,
        SendState.PATTERN_INACTIVE,
    )


def test_a_filled_pattern_has_each_value_where_its_name_was():
    pattern = Pattern(body=BODY)
    assert fill_pattern(pattern, {"code": "12", "name": "{code}"}) == "کد شما: 12 برای {code}، 12"
    assert fill_pattern(pattern, {"code": "", "name": "\\1\n" + "x" * 97})[:9] == "کد شما:  "
    assert fill_pattern(Pattern(body="same"), {}) == "same"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"code": "1"},
        {"code": "1", "name": "2", "more": "3"},
        {"code": "1", "Name": "2"},
        {"code": 1, "name": "2"},
        {"code": None, "name": "2"},
        {"code": ["1"], "name": "2"},
        {"code": "x" * 101, "name": "2"},
        {"code": "\x00", "name": "2"},
        {"code": "\ud800", "name": "2"},
        None,
        "code",
        ["code", "name"],
    ],
)
def test_values_that_do_not_fit(values):
    assert refuse(fill_pattern, Pattern(body=BODY), values) == SendState.MISMATCH


def test_decisions_and_their_undoing(customer):
    pattern = create_pattern(customer.pk, "code", BODY)
    assert [reject_pattern(pattern.pk, " too long "), reject_pattern(pattern.pk, "again")] == [True, False]
    assert state_of(pattern) == ("rejected", "too long", True)
    assert [approve_pattern(pattern.pk), approve_pattern(pattern.pk)] == [True, False]
    assert (state_of(pattern), list_waiting().count()) == (("approved", "", True), 0)
    assert (reject_pattern(pattern.pk, "abused"), state_of(pattern)) == (True, ("rejected", "abused", True))
    pattern.delete()
    assert [approve_pattern(pattern.pk or 0), reject_pattern(0, "gone")] == [False, False]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "\x00"])
def test_a_rejection_has_a_reason(pattern, reason):
    with pytest.raises(PatternRefused):
        reject_pattern(pattern.pk, reason)
    assert state_of(pattern) == ("approved", "", True)
