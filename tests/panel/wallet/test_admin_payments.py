"""The admin of payments, coupons and bonus steps: nothing of a payment is edited, and what is done is logged."""

import pytest
from django.contrib.admin.models import LogEntry

from panel.wallet.ledger import read_balance
from panel.wallet.models import BonusStep, Coupon, CouponUse, Payment
from panel.wallet.payments.coupons import redeem_coupon
from panel.wallet.payments.verifying import settle_payment
from tests.factories import make_customer
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser
from tests.panel.wallet.payments.conftest import bank as bank
from tests.panel.wallet.payments.conftest import customer as customer
from tests.panel.wallet.payments.steps import begin, make_coupon, pay_at_bank, reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def differing(bank, customer):
    """A payment of which the bank has another amount."""
    payment = begin(customer)
    pay_at_bank(payment, "mismatch")
    return settle_payment(payment)


def logged():
    return list(LogEntry.objects.order_by("pk").values_list("object_id", "change_message"))


def choose(browser, *payments):
    data = {"action": "ask_again", "_selected_action": [payment.pk for payment in payments]}
    return told(browser.post(page_of(Payment), data, follow=True))


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_payments_are_never_edited(superuser, bank, customer, page):
    payment = begin(customer)
    args = [] if page == "add" else [payment.pk]
    answer = superuser.post(page_of(Payment, page, *args), {"state": "paid", "amount": 1, "post": "yes"})
    assert (answer.status_code, reread(payment).state) == (403, "pending")


def test_the_bank_is_asked_again_from_the_payment_s_page(superuser, bank, customer):
    payment = begin(customer)
    pay_at_bank(payment, "close")
    path = page_of(Payment, "ask", payment.pk)
    assert payment.authority in read(superuser, path)
    assert told(superuser.post(path, {"act": "1"}, follow=True)) == ["The bank was asked: paid."]
    assert (read_balance(customer.pk), logged()) == (50_000, [(str(payment.pk), "The bank was asked: paid.")])
    assert told(superuser.post(path, {"act": "1"}, follow=True)) == ["The bank was asked: paid."]
    assert (read_balance(customer.pk), len(logged())) == (50_000, 1)


def test_the_bank_is_asked_about_chosen_payments(superuser, bank, customer):
    payments = [begin(customer) for _ in range(3)]
    pay_at_bank(payments[0], "close")
    lines = choose(superuser, *payments[:2])
    assert lines == ["The bank was asked about 2 payments; 1 of them paid."]
    assert [reread(one).state for one in payments] == ["paid", "pending", "pending"]
    assert [reread(one).asks for one in payments] == [1, 1, 0]
    assert logged() == [
        (str(payments[0].pk), "The bank was asked: paid."),
        (str(payments[1].pk), "The bank was asked: waiting for the bank. not paid (-51)"),
    ]


def test_one_that_never_came_to_the_bank_cannot_be_asked_about(superuser, customer):
    payment = Payment.objects.create(customer=customer, gateway="zarinpal", amount=1, state="failed")
    page = superuser.post(page_of(Payment, "ask", payment.pk), {"act": "1"})
    words = ["Nobody was sent to the bank, so it knows nothing of this payment."]
    assert page.context["blocks"][0]["form"].non_field_errors() == words


def test_whose_permission_is_to_look_may_not_act(bank, customer, differing):
    browser = enter_admin("wallet.view_payment")
    payment = begin(customer)
    pay_at_bank(payment, "close")
    choose(browser, payment)
    pages = [page_of(Payment, "ask", payment.pk), page_of(Payment, "settle", differing.pk)]
    assert [browser.post(path, {"act": "1", "reference": "1"}).status_code for path in pages] == [403, 403]
    assert [reread(one).state for one in (payment, differing)] == ["pending", "mismatch"]
    assert (
        reread(differing).reference,
        "Settle" in read(browser, page_of(Payment, "change", differing.pk)),
    ) == (
        "",
        False,
    )


def test_a_mismatch_waits_on_the_front_page_until_somebody_settles_it(superuser, customer, differing):
    begin(customer)
    link = f'<a href="{page_of(Payment)}?work=mismatch"><strong><bdi>1</bdi></strong>'
    assert link in read(superuser, "/admin/")
    assert found_ids(superuser, Payment, work="mismatch") == [differing.pk]
    path = page_of(Payment, "settle", differing.pk)
    assert superuser.post(path, {"act": "1", "reference": " "}).context["blocks"][0]["form"].errors != {}
    assert told(superuser.post(path, {"act": "1", "reference": "refund 77"}, follow=True)) == [
        "Settled: refund 77"
    ]
    assert (reread(differing).reference, reread(differing).state) == ("refund 77", "mismatch")
    assert told(superuser.post(path, {"act": "1", "reference": "other"}, follow=True)) == [
        "This payment is settled already."
    ]
    assert (found_ids(superuser, Payment, work="mismatch"), read_balance(customer.pk)) == ([], 0)
    assert logged() == [(str(differing.pk), "Settled: refund 77")]
    assert link not in read(superuser, "/admin/")


def test_payments_are_found_by_number_customer_and_state(superuser, bank, customer):
    mine, other = begin(customer), begin(make_customer())
    Payment.objects.filter(pk=other.pk).update(state="expired")
    found = [
        found_ids(superuser, Payment, q=str(mine.pk)),
        found_ids(superuser, Payment, q=other.customer.username),
        found_ids(superuser, Payment, state__exact="expired"),
    ]
    assert found == [[mine.pk], [other.pk], [other.pk]]


def test_coupons_show_how_often_they_were_used(superuser, customer):
    coupon = make_coupon("GIFT", kind="credit", value=10)
    use = redeem_coupon(customer.pk, "GIFT")
    link = f'<a href="{page_of(CouponUse)}?coupon__id__exact={coupon.pk}"><bdi>1</bdi></a>'
    assert link in read(superuser, page_of(Coupon))
    assert found_ids(superuser, CouponUse, coupon__id__exact=coupon.pk) == [use.pk]
    assert superuser.post(page_of(CouponUse, "delete", use.pk), {"post": "yes"}).status_code == 403
    superuser.post(page_of(Coupon, "delete", coupon.pk), {"post": "yes"})
    assert Coupon.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "percent", "value": "101"}, "value"),
        ({"value": "0"}, "value"),
        ({"value": str(10**12 + 1)}, "value"),  # no wallet could hold a few of these, and payments would fail
        ({"code": ""}, "code"),
        ({"code": "NEW\u200cYEAR"}, "code"),
        ({"uses_per_customer": "0"}, "uses_per_customer"),
        (
            {
                "starts_at_0": "2026-11-25",
                "starts_at_1": "00:00",
                "ends_at_0": "2026-11-24",
                "ends_at_1": "00:00",
            },
            "ends_at",
        ),
    ],
)
def test_a_coupon_s_parts_have_to_fit_together(superuser, changed, field):
    form = {"code": " NEW ", "kind": "fixed", "value": "101", "min_payment": "0", "uses_per_customer": "1"}
    page = superuser.post(page_of(Coupon, "add"), form | changed)
    assert (list(page.context["adminform"].form.errors), Coupon.objects.count()) == ([field], 0)
    superuser.post(page_of(Coupon, "add"), form)
    assert list(Coupon.objects.values_list("code", "value")) == [("NEW", 101)]
    assert Coupon.objects.get().active is False  # the box was not ticked


def test_a_coupon_s_code_is_stored_as_customers_are_read(superuser, customer):
    form = {
        "code": " عید۱۴۰۵ ",
        "kind": "credit",
        "value": "101",
        "min_payment": "0",
        "uses_per_customer": "1",
    }
    superuser.post(page_of(Coupon, "add"), form | {"active": "on"})
    assert list(Coupon.objects.values_list("code", flat=True)) == ["عید1405"]
    assert [redeem_coupon(customer.pk, "عید۱۴۰۵").amount, read_balance(customer.pk)] == [101, 101]


def test_the_same_code_in_other_letters_is_taken(superuser):
    make_coupon("SUMMER")
    form = {"code": "summer", "kind": "fixed", "value": "1", "min_payment": "0", "uses_per_customer": "1"}
    assert superuser.post(page_of(Coupon, "add"), form).status_code == 200
    assert Coupon.objects.count() == 1


def test_bonus_steps_are_kept_in_the_admin(superuser):
    superuser.post(page_of(BonusStep, "add"), {"amount_from": "1000", "percent": "5", "active": "on"})
    refused = superuser.post(page_of(BonusStep, "add"), {"amount_from": "2000", "percent": "101"})
    assert list(refused.context["adminform"].form.errors) == ["percent"]
    assert list(BonusStep.objects.values_list("amount_from", "percent", "active")) == [(1_000, 5, True)]


def test_lists_take_as_many_statements_for_many_rows_as_for_few(superuser, customer):
    def fill(count):
        for n in range(count):
            coupon = make_coupon(f"C{Coupon.objects.count()}")
            row = Payment.objects.create(
                customer=make_customer(), gateway="zarinpal", amount=1, coupon=coupon
            )
            CouponUse.objects.create(coupon=coupon, customer=customer, payment=row, amount=n + 1)

    models = (Payment, Coupon, CouponUse)
    fill(2)
    read(superuser, page_of(Payment))  # what is looked up once for each process
    few = [count_queries(superuser, page_of(model)) for model in models]
    fill(10)
    assert [count_queries(superuser, page_of(model)) for model in models] == few
