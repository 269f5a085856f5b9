"""Every refusal of the standard API: its exact words, nothing charged, nothing stored."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Category
from orders.service_types import TYPE_RULES, Count, ServiceType
from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token, revoke_token
from tests.factories import make_customer, make_key, make_service

INVALID_KEY = {"error": "Invalid API key"}
INCORRECT = {"error": "Incorrect request"}
UNKNOWN = {"error": "Incorrect service ID"}
BAD_LINK = {"error": "Incorrect link"}
POOR = {"error": "Not enough funds on balance"}


@pytest.fixture
def refused(add, ledger):
    """`add` with these fields answers exactly `error` and leaves everything as it was."""

    def check(error, headers=None, **fields):
        before = ledger()
        assert add(headers, **fields) == error
        assert ledger() == before

    return check


@pytest.mark.parametrize(
    "value", ["0", "-1", "999999999", "9" * 19, "9" * 30, "1.0", "abc", "", " ", "1 2", None]
)
def test_unknown_service(refused, value):
    refused(UNKNOWN, service=value)


def test_paused_service(refused):
    refused(UNKNOWN, service=make_service(active=False).pk)


def test_service_of_a_paused_category(refused):
    shelf = Category.objects.create(name="Closed", active=False)
    refused(UNKNOWN, service=make_service(category=shelf).pk)


def test_service_that_was_paused_after_its_first_order(add, refused, service):
    assert "order" in add()
    service.active = False
    service.save()
    refused(UNKNOWN)
    service.active = True
    service.save()
    assert "order" in add()


def test_deleted_service(add, refused):
    gone = make_service()
    pk = gone.pk
    refused({"error": "Quantity less than minimal 10"}, service=pk, quantity=1)
    gone.delete()
    refused(UNKNOWN, service=pk)


def test_every_type_has_its_rule():
    assert set(TYPE_RULES) == set(ServiceType)


@pytest.mark.parametrize(
    ("quantity", "error"),
    [
        ("9", "Quantity less than minimal 10"),
        ("0", "Quantity less than minimal 10"),
        ("-100", "Quantity less than minimal 10"),
        ("-" + "9" * 39, "Quantity less than minimal 10"),
        ("10001", "Quantity more than maximum 10000"),
        ("9223372036854775808", "Quantity more than maximum 10000"),
        ("9" * 39, "Quantity more than maximum 10000"),
        ("9" * 41, "Incorrect request"),
        ("9" * 5000, "Incorrect request"),
        (None, "Incorrect request"),
        ("", "Incorrect request"),
        ("many", "Incorrect request"),
        ("100.0", "Incorrect request"),
        ("1e3", "Incorrect request"),
        ("+100", "Incorrect request"),
        ("--100", "Incorrect request"),
        ("-", "Incorrect request"),
        ("1_00", "Incorrect request"),
        ("10 0", "Incorrect request"),
        ("0x10", "Incorrect request"),
        ("१००", "Incorrect request"),
        ("²", "Incorrect request"),
        ("100\x00", "Incorrect request"),
    ],
)
def test_quantity(refused, quantity, error):
    refused({"error": error}, quantity=quantity)


@pytest.mark.parametrize("quantity", ["10", "10000", " 10 "])
def test_the_bounds_themselves_are_taken(add, quantity):
    assert list(add(quantity=quantity)) == ["order"]


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "   ",
        "instagram.com/p/abc",
        "ftp://instagram.com/p",
        "javascript:alert(1)",
        "https://",
        "https:///p/abc",
        "https://instagram",
        "https://127.0.0.1/p",
        "https://[::1]/p",
        "https://[::1",
        "https://instagram.com:0/p",
        "https://instagram.com:99999/p",
        "https://insta gram.com/p",
        "https://instagram.com/a b",
        "https://instagram.com/a\nb",
        "https://instagram.com/\x00",
        "https://-instagram.com/p",
        "https://instagram..com/p",
        "https://instagram.com/" + "a" * 2000,
        "@username",
    ],
)
def test_malformed_link(refused, link):
    refused(BAD_LINK, link=link)


def test_empty_wallet(refused, key):
    poor = make_key(make_customer())
    refused(POOR, key=poor)
    refused(POOR, {"Idempotency-Key": "k"}, key=poor)


def test_one_toman_short(refused):
    short = make_key(make_customer(toman=199))
    refused(POOR, key=short)


def test_one_toman_more_is_enough(add):
    assert list(add(key=make_key(make_customer(toman=200)))) == ["order"]


def missing_fields():
    for kind, rule in TYPE_RULES.items():
        for name in rule.needs:
            yield pytest.param(kind, name, id=f"{kind}-{name}")
        if rule.one_of:
            yield pytest.param(kind, rule.one_of, id=f"{kind}-{'-or-'.join(rule.one_of)}")
        if rule.count is Count.QUANTITY:
            yield pytest.param(kind, "quantity", id=f"{kind}-quantity")


def good_fields(rule):
    counted = {"quantity": "10"} if rule.count is Count.QUANTITY else {}
    return counted | {
        name: "one\ntwo" if name in rule.lists else "one" for name in (*rule.needs, *rule.one_of)
    }


@pytest.mark.parametrize(("kind", "name"), list(missing_fields()))
@pytest.mark.parametrize("empty", [None, "", " \n "])
def test_missing_field_of_a_type(refused, kind, name, empty):
    sold = make_service(type=kind, min=1)
    names = name if isinstance(name, tuple) else (name,)
    refused(
        INCORRECT,
        service=sold.pk,
        **{"quantity": None} | good_fields(TYPE_RULES[kind]) | dict.fromkeys(names, empty),
    )


@pytest.mark.parametrize("kind", [kind for kind, rule in TYPE_RULES.items() if rule.link], ids=str)
def test_missing_link_of_a_type(refused, kind):
    sold = make_service(type=kind, min=1)
    refused(BAD_LINK, service=sold.pk, **good_fields(TYPE_RULES[kind]) | {"link": None})


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (ServiceType.POLL, "answer_number", "a\x00b"),
        (ServiceType.POLL, "answer_number", "x" * 1001),
        (ServiceType.SEO, "keywords", "good\n\x00"),
        (ServiceType.SEO, "keywords", "\n".join(["x"] * 10_001)),
        (ServiceType.CUSTOM_COMMENTS, "comments", "x" * 500_001),
    ],
)
def test_field_that_cannot_be_stored(refused, kind, field, value):
    sold = make_service(type=kind, min=1, max=1_000_000)
    counted = {"quantity": "10"} if TYPE_RULES[kind].count is Count.QUANTITY else {}
    refused(INCORRECT, service=sold.pk, **counted | {field: value})


def test_lines_are_counted_against_the_bounds(refused):
    sold = make_service(type=ServiceType.CUSTOM_COMMENTS, min=2, max=3)
    low, high = "Quantity less than minimal 2", "Quantity more than maximum 3"
    refused({"error": low}, service=sold.pk, quantity="3", comments="one\n\n \n")
    refused({"error": high}, service=sold.pk, quantity="3", comments="1\n2\n3\n4")


@pytest.mark.parametrize(
    "extra", [{"runs": "2"}, {"interval": "30"}, {"runs": "2", "interval": "30"}, {"runs": "x"}]
)
def test_drip_feed_is_not_sold_yet(refused, extra):
    refused(INCORRECT, **extra)


def test_no_drip_feed_is_no_fault(add):
    assert list(add(runs="0", interval="")) == ["order"]


@pytest.mark.parametrize("bad", ["", "wrong", "\x00", "x" * 10_000, "کلید"])
def test_wrong_key(refused, bad):
    refused(INVALID_KEY, key=bad)


def test_missing_key(refused):
    refused(INVALID_KEY, key=None)


@pytest.mark.parametrize("contract", [c for c in ApiToken.Contract if c != "standard"], ids=str)
def test_key_of_another_contract(refused, customer, contract):
    refused(INVALID_KEY, key=make_key(customer, contract))


def test_revoked_key(add, refused, customer):
    row, token = issue_token(customer, ApiToken.Contract.STANDARD)
    assert "order" in add(key=token)
    revoke_token(row)
    refused(INVALID_KEY, key=token)


def test_expired_key(add, refused, customer):
    row, token = issue_token(customer, ApiToken.Contract.STANDARD)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() + timedelta(minutes=1))
    assert "order" in add(key=token)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(INVALID_KEY, key=token)


def test_inactive_customer(refused, customer):
    customer.is_active = False
    customer.save()
    refused(INVALID_KEY)


@pytest.mark.parametrize(
    "fields",
    [{"service": "0"}, {"link": None}, {"quantity": "1"}, {"runs": "2"}, {"quantity": "x"}],
    ids=["service", "link", "bound", "drip", "text"],
)
def test_a_stranger_learns_only_that_the_key_is_no_good(refused, fields):
    refused(INVALID_KEY, key="wrong", **fields)


@pytest.mark.parametrize(
    "action", ["add", "orders", "status", "cancel", "balance", "services", "nothing", None]
)
def test_every_action_asks_for_a_key(call, ledger, action):
    before = ledger()
    values = {"key": "wrong", "orders": "1,2", "order": "1"} | ({"action": action} if action else {})
    assert call(values) == INVALID_KEY
    assert ledger() == before


@pytest.mark.parametrize("action", ["refills", "ADD", "", None])
def test_unknown_action(call, ledger, action):
    before = ledger()
    assert call({"action": action, "order": "1"} if action is not None else {}) == INCORRECT
    assert ledger() == before


def test_a_service_that_changes_its_shape_is_read_again(add, refused, service):
    """Web processes remember a service's type and link format; an operator's change counts at once."""
    assert "order" in add()
    refused(BAD_LINK, link="some.user")
    service.link_format = "url_or_username"
    service.save()
    assert "order" in add(link="some.user")
    service.type = ServiceType.POLL
    service.save()
    refused(INCORRECT)
    assert "order" in add(answer_number="3")
    service.type = ServiceType.SUBSCRIPTIONS
    service.save()
    refused(INCORRECT, answer_number="3")
    service.type = ServiceType.DEFAULT
    service.save()
    assert "order" in add()
    service.link_format = "url"
    service.save()
    refused(BAD_LINK, link="some.user")
