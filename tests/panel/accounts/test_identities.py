"""Accounts elsewhere: one customer each, one of each provider a customer, however many come at once."""

import pytest
from django.db import IntegrityError

from panel.accounts.identities import IdentityTaken, enter_with_identity, find_identity, link_identity
from panel.accounts.models import Customer, SocialIdentity
from tests.factories import make_customer
from tests.together import run_together

UID = "46569725"


def nobody(customer):
    raise AssertionError(f"{customer} is nobody new")


def list_identities():
    return list(SocialIdentity.objects.order_by("id").values_list("customer_id", "uid", "username"))


@pytest.mark.django_db
def test_who_comes_for_the_first_time_is_made_a_customer_and_welcomed():
    welcomed = []
    customer = enter_with_identity(UID, "phoebe", welcomed.append)
    assert welcomed == [customer]
    assert (customer.mobile, customer.is_active, customer.has_usable_password()) == (None, True, False)
    assert find_identity(customer.pk).uid == UID
    assert list_identities() == [(customer.pk, UID, "phoebe")]


@pytest.mark.django_db
def test_who_comes_again_is_the_same_under_a_new_name_and_not_welcomed():
    customer = enter_with_identity(UID, "phoebe", lambda _customer: None)
    assert enter_with_identity(UID, "regina", nobody) == customer
    assert list_identities() == [(customer.pk, UID, "regina")]
    assert enter_with_identity(UID, "", nobody) == customer
    assert list_identities() == [(customer.pk, UID, "regina")]


@pytest.mark.django_db
def test_another_account_is_another_customer_though_it_has_the_same_name():
    first, second = (enter_with_identity(uid, "phoebe", lambda _customer: None) for uid in (UID, "2"))
    assert first != second
    assert find_identity(second.pk).uid == "2"


@pytest.mark.django_db
def test_a_locked_customer_is_told_and_no_new_one_is_made():
    customer = enter_with_identity(UID, "phoebe", lambda _customer: None)
    Customer.objects.filter(pk=customer.pk).update(is_active=False)
    again = enter_with_identity(UID, "phoebe", nobody)
    assert (again, again.is_active, Customer.objects.count()) == (customer, False, 1)


@pytest.mark.django_db(transaction=True)
def test_a_welcome_that_fails_leaves_nobody_behind():
    def fail(_customer):
        raise IntegrityError("of the welcome")

    with pytest.raises(IntegrityError, match="of the welcome"):
        enter_with_identity(UID, "phoebe", fail)
    assert (Customer.objects.count(), list_identities()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_logins_at_once_make_one_customer_who_is_welcomed_once():
    welcomed = []
    people = run_together(*[lambda: enter_with_identity(UID, "phoebe", welcomed.append)] * 8)
    [customer] = Customer.objects.all()
    assert people == [customer] * 8
    assert list_identities() == [(customer.pk, UID, "phoebe")]
    # Those who lose roll their customer back before they come to welcome it.
    assert welcomed == [customer]


@pytest.mark.django_db
def test_an_account_is_linked_and_opens_the_customers_account_then():
    customer = make_customer()
    linked = link_identity(customer.pk, UID, "phoebe")
    assert (linked.customer_id, find_identity(customer.pk)) == (customer.pk, linked)
    assert enter_with_identity(UID, "phoebe", nobody) == customer


@pytest.mark.django_db
def test_linking_the_same_again_changes_nothing():
    customer = make_customer()
    linked = [link_identity(customer.pk, UID, "phoebe") for _ in range(2)]
    assert linked[0] == linked[1]
    assert list_identities() == [(customer.pk, UID, "phoebe")]


@pytest.mark.django_db
def test_an_account_of_another_customer_or_a_second_one_is_not_linked():
    owner, other = make_customer(), make_customer()
    link_identity(owner.pk, UID, "phoebe")
    link_identity(other.pk, "2", "ross")
    for customer, uid in ((other, UID), (owner, "2"), (owner, "3")):
        with pytest.raises(IdentityTaken):
            link_identity(customer.pk, uid, "phoebe")
    with pytest.raises(IdentityTaken):
        link_identity(make_customer().pk, UID, "phoebe")
    assert list_identities() == [(owner.pk, UID, "phoebe"), (other.pk, "2", "ross")]


@pytest.mark.django_db(transaction=True)
def test_one_customer_linking_at_once_links_once():
    customer = make_customer()
    results = run_together(*[lambda: link_identity(customer.pk, UID, "phoebe").pk] * 6)
    assert len(set(results)) == 1
    assert list_identities() == [(customer.pk, UID, "phoebe")]


@pytest.mark.django_db(transaction=True)
def test_one_customer_linking_two_accounts_at_once_gets_one_of_them():
    customer = make_customer()
    uids = [str(number) for number in range(1, 7)]
    results = run_together(*(lambda uid=uid: link_identity(customer.pk, uid, "phoebe") for uid in uids))
    assert sorted(type(result).__name__ for result in results) == ["IdentityTaken"] * 5 + ["SocialIdentity"]
    assert SocialIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_customers_linking_one_account_at_once_leave_it_to_one_of_them():
    customers = [make_customer() for _ in range(6)]
    results = run_together(
        *(lambda customer=customer: link_identity(customer.pk, UID, "phoebe") for customer in customers)
    )
    [linked] = [result for result in results if not isinstance(result, IdentityTaken)]
    assert list_identities() == [(linked.customer_id, UID, "phoebe")]


@pytest.mark.django_db(transaction=True)
def test_linking_and_logging_in_at_once_leave_one_owner():
    customer = make_customer()
    linked, entered = run_together(
        lambda: link_identity(customer.pk, UID, "phoebe"),
        lambda: enter_with_identity(UID, "phoebe", lambda _customer: None),
    )
    [(owner_id, _uid, _username)] = list_identities()
    assert entered.pk == owner_id
    assert isinstance(linked, IdentityTaken) is (owner_id != customer.pk)
    assert Customer.objects.count() == (1 if owner_id == customer.pk else 2)
