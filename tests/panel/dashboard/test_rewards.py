"""The rewards page, and referral links."""

from datetime import timedelta

import pytest

from orders.models import Order
from orders.models.stats import CustomerTotal
from panel.dashboard.wheel_drawing import draw_slices
from panel.rewards.models import FreeCredit, GiftGrant, PriceLevel, ReferralCode
from panel.rewards.rules import read_rules
from panel.rewards.wheel import Odds, describe_odds
from panel.wallet.ledger import read_balance
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts
from tests.panel.rewards.prizes import LINK, make_gift, make_win

PAGE = "/rewards/"


@pytest.fixture
def rules(db):
    row = read_rules()
    row.free_credit_min = row.free_credit_max = 100
    row.free_credit_monthly = row.wheel_monthly = 5
    row.daily_cap, row.referral_percent, row.referral_payments = 100_000, 10, 3
    row.save()
    return row


def alerts(response):
    return read_texts(response, "p", class_="alert")


def test_with_every_reward_off_the_page_says_so(browser):
    page = browser.get(PAGE)
    assert [read_text(one) for one in find_all(page, "p", class_="hint")] == [
        "There is no free credit at the moment.",
        "The wheel has nothing to win at the moment.",
        "A gift is used once, whatever becomes of its order: a canceled or failed one gives no other gift.",
    ]
    assert (find_all(page, "svg", class_="wheel"), ReferralCode.objects.count()) == ([], 0)


def test_free_credit_is_given_and_then_there_is_a_wait(browser, customer, rules):
    page = browser.post("/rewards/credit/", follow=True)
    assert (page.redirect_chain, alerts(page)) == ([(PAGE, 302)], ["You got 100 toman of free credit."])
    again = alerts(browser.post("/rewards/credit/", follow=True))
    assert again in (["Try again in 2 minutes."], ["Try again in 119 seconds."])
    assert (read_balance(customer.pk), FreeCredit.objects.count()) == (100_100, 1)


def test_the_wheel_stands_where_the_server_drew(browser, customer, rules):
    gifts = [make_gift(weight=weight) for weight in (0, 3)]
    rare = make_gift(weight=1, active=False)
    page = browser.post("/rewards/spin/", follow=True)
    grant = GiftGrant.objects.get()
    rare.active = True
    rare.save()
    later = browser.get(PAGE, {"won": grant.pk})
    turned = [read_attributes(find_one(shown, "g", id="disc")) for shown in (page, later)]
    assert grant.gift_id == gifts[1].pk
    assert page.redirect_chain == [(f"{PAGE}?won={grant.pk}#wheel", 302)]
    assert alerts(page) == ["You won 30 × Likes . Use it below before it expires."]
    assert [one["data-turn"] for one in turned] == ["180.00", "225.00"]
    assert [one["transform"] for one in turned] == ["rotate(180.00)", "rotate(225.00)"]
    assert "data-turn" not in read_attributes(find_one(browser.get(PAGE), "g", id="disc"))


def test_another_s_win_is_not_shown(stranger, customer, rules):
    win = make_win(customer, make_gift())
    page = stranger.get(PAGE, {"won": win.pk})
    assert (alerts(page), find_all(page, "input", name="link")) == ([], [])


def test_the_odds_are_published(browser, rules):
    make_gift(weight=1, min=10, max=20)
    make_gift(weight=2, min=5, max=5)
    assert read_rows(browser.get(PAGE)) == [
        ["Likes", "10 – 20", "1", "33.33"],
        ["Likes", "5", "2", "66.67"],
    ]
    assert read_attributes(find_one(browser.get(PAGE), "a", href="#fairness"))["href"] == "#fairness"


def test_a_gift_is_used_for_a_link(browser, customer, rules):
    win = make_win(customer, make_gift())
    page = browser.post(f"/rewards/gifts/{win.gift_id}/", {"link": LINK}, follow=True)
    order = Order.objects.get()
    assert page.redirect_chain == [(f"/orders/{order.pk}/", 302)]
    assert (order.customer_id, order.channel, order.link, order.charge) == (customer.pk, "gift", LINK, 0)
    rows = read_rows(browser.get(PAGE))
    assert [[row[0], *row[2:]] for row in rows if "Used" in row] == [["30 × Likes", "Used", f"#{order.pk}"]]


def test_a_bad_link_is_said_beneath_its_field_and_kept(browser, customer, rules):
    win = make_win(customer, make_gift())
    page = browser.post(f"/rewards/gifts/{win.gift_id}/", {"link": "nowhere<b>"})
    field = read_attributes(find_one(page, "input", name="link"))
    assert (page.status_code, field["value"], field["aria-invalid"]) == (422, "nowhere<b>", "true")
    assert read_texts(page, "p", class_="field-error") == [
        "This link can't be used. Copy the whole address, beginning with https://."
    ]
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (0, 1)


def test_a_gift_that_is_none_any_more_says_so(browser, customer, rules):
    win = make_win(customer, make_gift(), age=timedelta(hours=25))
    answers = [browser.post(f"/rewards/gifts/{pk}/", {"link": LINK}) for pk in (win.gift_id, 10**30)]
    assert [(page.status_code, alerts(page)) for page in answers] == [
        (422, ["This gift is used or has expired."]),
        (422, ["You haven't won this gift."]),
    ]


def test_the_referral_link_and_its_earnings(browser, customer, rules):
    code = find_code_on(browser.get(PAGE))
    assert (code, customer.pk) == ReferralCode.objects.values_list("code", "customer_id").get()
    values = [read_text(one) for one in find_all(browser.get(PAGE), "dd")]
    assert values == ["0", "0 toman"]


def find_code_on(page):
    (button,) = [one for one in find_all(page, "button") if "data-copy" in read_attributes(one)]
    return read_attributes(button)["data-copy"].removeprefix("http://testserver/r/").rstrip("/")


def test_the_level_reached_is_marked(browser, customer):
    PriceLevel.objects.create(name="Silver", spent_from=1_000, discount=5)
    PriceLevel.objects.create(name="Gold", spent_from=9_000, discount=10)
    CustomerTotal.objects.create(customer=customer, orders=1, amount=2_500)
    assert read_rows(browser.get(PAGE)) == [["Silver Yours", "1,000", "5"], ["Gold", "9,000", "10"]]


def test_slices_are_as_wide_as_the_odds(rules):
    gifts = [make_gift(weight=weight) for weight in (1, 1, 2)]
    slices = draw_slices(describe_odds())
    assert [piece.outline for piece in slices] == [
        "M0 0L0.00 -48.00A48 48 0 0 1 48.00 0.00Z",
        "M0 0L48.00 0.00A48 48 0 0 1 0.00 48.00Z",
        "M0 0L0.00 48.00A48 48 0 0 1 -0.00 -48.00Z",
    ]
    assert [piece.turn for piece in slices] == ["315.00", "225.00", "90.00"]
    assert [piece.outline for piece in draw_slices([Odds(gifts[0], 1, 1, 100)])] == [""]


def test_what_the_gift_form_answered_is_the_rewards_when_it_is_reloaded(browser, customer, rules):
    win = make_win(customer, make_gift())
    path = f"/rewards/gifts/{win.gift_id}/?link={LINK}"
    answers = [browser.get(path), browser.head(path)]
    assert [(page.status_code, page.headers["Location"]) for page in answers] == [(302, PAGE), (302, PAGE)]
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (0, 1)


@pytest.mark.parametrize(("path", "status"), [("credit/", 405), ("spin/", 405), ("gifts/1/", 302)])
def test_what_gives_takes_no_get_and_no_visitor(browser, visitor, rules, path, status):
    make_gift()
    assert browser.get(PAGE + path).status_code == browser.head(PAGE + path).status_code == status
    assert visitor.post(PAGE + path).headers["Location"].startswith("/login/")
    assert (FreeCredit.objects.count(), GiftGrant.objects.count()) == (0, 0)


def test_who_may_not_order_is_told(rules):
    blocked = open_browser(make_customer(order_block="abuse"))
    assert alerts(blocked.post("/rewards/credit/", follow=True)) == [
        "You can't place orders at the moment. Write to support."
    ]
    assert FreeCredit.objects.count() == 0


def test_the_page_takes_as_many_queries_whatever_is_on_it(
    browser, customer, rules, django_assert_max_num_queries
):
    browser.get(PAGE)
    for _ in range(6):
        make_win(customer, make_gift())
        make_win(customer, make_gift(), age=timedelta(hours=30))
    with django_assert_max_num_queries(12):
        assert len(find_all(browser.get(PAGE), "input", name="link")) == 6
