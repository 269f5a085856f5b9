"""What people want to hear of: defaults, choices, and staff's own kinds of news."""

import pytest

from panel.accounts.models import NewsChoice
from panel.accounts.news import KINDS, list_choices, list_staff, save_choices, wants_panel, wants_sms
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
STAFF_KINDS = {name for name, kind in KINDS.items() if kind.staff}


def listed(customer):
    return {choice.kind.name: (choice.panel, choice.sms) for choice in list_choices(customer)}


def test_defaults_hold_until_somebody_chooses():
    customer = make_customer()
    assert listed(customer) == {
        name: (kind.panel, kind.sms) for name, kind in KINDS.items() if not kind.staff and kind.may_choose
    }
    asked = [(wants_panel(customer.pk, name), wants_sms(customer.pk, name)) for name in ("paid", "coupon")]
    assert asked == [(True, True), (True, False)]


def test_what_is_not_ticked_is_not_told():
    customer, other = make_customer(), make_customer()
    save_choices(customer, panel=["coupon", "nothing"], sms=["coupon", "paid"])
    assert {name for name, (panel, _) in listed(customer).items() if panel} == {"coupon"}
    assert {name for name, (_, sms) in listed(customer).items() if sms} == {"coupon", "paid"}
    asked = [(wants_panel(pk, "paid"), wants_sms(pk, "coupon")) for pk in (customer.pk, other.pk)]
    assert asked == [(False, True), (True, False)]


def test_choosing_again_keeps_one_row_for_each_kind():
    customer = make_customer()
    save_choices(customer, panel=[], sms=[])
    save_choices(customer, panel=["paid"], sms=[])
    assert NewsChoice.objects.filter(customer=customer).count() == len(listed(customer))
    assert {name for name, ticks in listed(customer).items() if ticks != (False, False)} == {"paid"}


def test_only_staff_choose_what_only_staff_are_told():
    customer, staff = make_customer(), make_customer(is_staff=True)
    save_choices(customer, panel=["mismatch"], sms=["mismatch"])
    save_choices(staff, panel=[], sms=["mismatch"])
    assert NewsChoice.objects.filter(customer=customer, event__in=STAFF_KINDS).count() == 0
    assert set(listed(staff)) & STAFF_KINDS == STAFF_KINDS - {"event_set_aside"}
    assert listed(staff)["mismatch"] == (False, True)


def test_a_kind_that_can_t_be_chosen_is_told_as_it_is():
    staff = make_customer(is_staff=True)
    NewsChoice.objects.create(customer=staff, event="event_set_aside", panel=False, sms=True)
    assert (wants_panel(staff.pk, "event_set_aside"), wants_sms(staff.pk, "event_set_aside")) == (True, False)
    assert [list(list_staff("event_set_aside", channel)) for channel in ("panel", "sms")] == [[staff], []]


def test_staff_are_listed_by_what_each_of_them_chose():
    first, second, third = (make_customer(is_staff=True) for _ in range(3))
    make_customer()
    make_customer(is_staff=True, is_active=False)
    save_choices(second, panel=[], sms=["mismatch"])
    save_choices(third, panel=["mismatch", "provider_low_balance"], sms=[])
    assert list(list_staff("mismatch", "panel")) == [first, third]
    assert list(list_staff("mismatch", "sms")) == [second]
    assert list(list_staff("provider_low_balance", "sms")) == [first]


def test_a_question_is_one_statement(django_assert_num_queries):
    customer = make_customer()
    with django_assert_num_queries(1):
        wants_sms(customer.pk, "paid")
    with django_assert_num_queries(1):
        list(list_staff("mismatch", "sms"))
