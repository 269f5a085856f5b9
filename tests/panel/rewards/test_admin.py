"""The admin of rewards."""

import pytest
from django.contrib.admin.models import LogEntry

from panel.rewards.free_credit import give_free_credit
from panel.rewards.models import (
    FreeCredit,
    Gift,
    GiftGrant,
    PriceLevel,
    Referral,
    ReferralCode,
    ReferralReward,
    RewardDay,
    RewardRules,
)
from panel.rewards.referrals import share_payment
from panel.rewards.rules import read_rules
from tests.factories import make_service
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, superuser  # noqa: F401 - a fixture
from tests.panel.dashboard.pages import read_texts
from tests.panel.rewards.prizes import make_gift, make_win
from tests.panel.rewards.test_referrals import make_pair, pay

GIVEN = (FreeCredit, GiftGrant, RewardDay, Referral, ReferralCode, ReferralReward)


def give_everything():
    """A row of every kind of reward that was given."""
    referrer, brought = make_pair()
    share_payment(pay(brought).pk)
    give_free_credit(brought.pk)
    make_win(brought, make_gift())
    return referrer, brought


def errors(response):
    return read_texts(response, "ul", class_="errorlist")


def test_what_was_given_is_seen_and_never_changed(superuser, rules):  # noqa: F811
    give_everything()
    for model in GIVEN:
        row = model.objects.first()
        assert found_ids(superuser, model) == [row.pk]
        read(superuser, page_of(model, "change", row.pk))
        answers = [
            superuser.get(page_of(model, "add")),
            superuser.post(page_of(model, "change", row.pk), {"amount": 1}),
            superuser.post(page_of(model, "delete", row.pk), {"post": "yes"}),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert list(model.objects.all()) == [row]


def test_rows_are_found_by_their_customer(superuser, rules):  # noqa: F811
    referrer, brought = give_everything()
    share = ReferralReward.objects.get()
    assert found_ids(superuser, FreeCredit, q=brought.username) == [FreeCredit.objects.get().pk]
    assert found_ids(superuser, Referral, q=referrer.username) == [brought.pk]
    assert found_ids(superuser, ReferralReward, q=referrer.username) == [share.pk]
    assert found_ids(superuser, ReferralReward, q=brought.username) == []


def test_the_rules_are_one_row_that_is_there_when_asked_for(superuser, db):  # noqa: F811
    page = superuser.get(page_of(RewardRules), follow=True)
    change = page_of(RewardRules, "change", 1)
    assert (page.redirect_chain, page.status_code) == ([(change, 302)], 200)
    assert superuser.get(page_of(RewardRules, "add")).status_code == 403
    assert superuser.post(page_of(RewardRules, "delete", 1), {"post": "yes"}).status_code == 403
    values = {
        "daily_cap": 5_000,
        "free_credit_min": 5,
        "free_credit_max": 4,
        "free_credit_wait": 60,
        "free_credit_monthly": 3,
        "wheel_monthly": 1,
        "wheel_wait_hours": 24,
        "gift_hours": 24,
        "referral_percent": 101,
        "referral_payments": 2,
    }
    refused = superuser.post(change, values)
    assert errors(refused) == [
        "This has to be at least as much as the least.",
        "Ensure this value is less than or equal to 100.",
    ]
    assert errors(superuser.post(change, values | {"free_credit_min": 0, "referral_percent": 1})) == [
        "Give at least 1 toman."
    ]
    endless = {"free_credit_wait": 2**31 - 1, "wheel_wait_hours": 2**31 - 1, "gift_hours": 2**31 - 1}
    refused = superuser.post(change, values | {"free_credit_max": 9, "referral_percent": 10} | endless)
    assert errors(refused) == ["A wait or a life is at most a year."] * 3
    saved = superuser.post(change, values | {"free_credit_max": 9, "referral_percent": 10})
    row = read_rules()
    assert saved.status_code == 302
    assert (row.pk, row.daily_cap, row.free_credit_min, row.free_credit_max) == (1, 5_000, 5, 9)
    assert LogEntry.objects.filter(user=superuser.staff, object_id="1").count() == 1


def add_gift(browser, service, **values):
    values = {"service": service.pk, "min": 10, "max": 20, "weight": 1, "active": "on"} | values
    return browser.post(page_of(Gift, "add"), values)


@pytest.mark.parametrize(
    ("service", "values", "words"),
    [
        ({}, {"min": 21}, "This has to be at least as many as the least."),
        ({}, {"min": 0}, "Ensure this value is greater than or equal to 1."),
        (
            {"type": "custom_comments"},
            {},
            "Orders of this service need more than a link: it can't be given.",
        ),
        ({"dripfeed": True}, {}, "A drip-feed service can't be given."),
        (
            {"type": "package", "pack_size": 500},
            {},
            "A package is given whole: least and most have to be 500.",
        ),
    ],
)
def test_what_can_t_be_given_is_no_gift(superuser, db, service, values, words):  # noqa: F811
    refused = add_gift(superuser, make_service(**service), **values)
    assert (refused.status_code, errors(refused), Gift.objects.count()) == (200, [words], 0)


def test_a_gift_keeps_its_service_and_is_never_deleted(superuser, db):  # noqa: F811
    first, second = make_service(), make_service(type="package", pack_size=500)
    assert add_gift(superuser, first).status_code == 302
    gift = Gift.objects.get()
    values = {"service": second.pk, "min": 5, "max": 6, "weight": 0}
    assert superuser.post(page_of(Gift, "change", gift.pk), values).status_code == 302
    gift.refresh_from_db()
    assert (gift.service_id, gift.min, gift.max, gift.weight, gift.active) == (first.pk, 5, 6, 0, False)
    assert superuser.post(page_of(Gift, "delete", gift.pk), {"post": "yes"}).status_code == 403
    assert add_gift(superuser, second, min=500, max=500).status_code == 302
    assert LogEntry.objects.filter(user=superuser.staff).count() == 3


def test_the_list_of_gifts_shows_the_odds(superuser, db, django_assert_max_num_queries):  # noqa: F811
    for weight in (1, 2, 0):
        make_gift(weight=weight)
    with django_assert_max_num_queries(8):
        page = superuser.get(page_of(Gift))
    assert read_texts(page, "td", class_="field-show")[2::4] == ["33.33", "66.67", "0"]


def test_levels_are_edited(superuser, db):  # noqa: F811
    values = {"name": "Gold", "spent_from": 1_000, "discount": 101}
    assert errors(superuser.post(page_of(PriceLevel, "add"), values)) == [
        "Ensure this value is less than or equal to 100."
    ]
    assert superuser.post(page_of(PriceLevel, "add"), values | {"discount": 10}).status_code == 302
    assert list(PriceLevel.objects.values_list("name", "spent_from", "discount")) == [("Gold", 1_000, 10)]


def test_staff_need_the_permission(db):
    browser = enter_admin("rewards.view_freecredit")
    answers = [browser.get(page_of(model)).status_code for model in (FreeCredit, Gift, RewardRules)]
    assert answers == [200, 403, 403]
