"""Many buyers at once: each code goes to one, coins add up, and who can't pay keeps nobody from buying."""

import threading

import pytest
from django.db import transaction

from campaigns.models import ProductCode
from campaigns.refusals import CampaignRefused
from campaigns.shop import buy_product, show_again
from panel.wallet.house import house_balance
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, Currency, WalletEvent
from tests.campaigns.shopping import (
    count_coins,
    list_drifts,
    make_buyer,
    make_product,
    number_codes,
    refuse,
)
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 30


def buy(buyer, product):
    """The code bought, or why not."""
    sold = refuse(buy_product, buyer.pk, product.pk)
    return sold if isinstance(sold, str) else sold.code


def test_fifty_buyers_at_once_of_ten_codes():
    product, buyers = make_product(*number_codes(10)), [make_buyer() for _ in range(50)]
    outcomes = run_together(*(lambda buyer=buyer: buy(buyer, product) for buyer in buyers))
    assert sorted(outcomes) == number_codes(10) + ["out_of_stock"] * 40
    owners = dict(ProductCode.objects.values_list("code", "buyer"))
    bought = {outcome: buyer.pk for outcome, buyer in zip(outcomes, buyers, strict=True)}
    assert owners == {code: bought[code] for code in number_codes(10)}
    assert sorted(map(count_coins, buyers)) == [90] * 10 + [100] * 40
    assert house_balance(Account.Kind.SALES, Currency.COIN) == 100
    assert list_drifts() == []


def test_those_who_wait_for_the_last_codes_do_not_lock_each_other_out():
    for _ in range(6):
        product, buyers = make_product(*number_codes(6)), [make_buyer(10) for _ in range(25)]
        outcomes = run_together(*(lambda who=who, p=product: buy(who, p) for who in buyers))
        assert sorted(outcomes) == number_codes(6) + ["out_of_stock"] * 19


def test_buyers_without_coins_keep_no_code_from_the_others():
    product = make_product(*number_codes(10))
    poor, rich = [make_buyer(9) for _ in range(20)], [make_buyer(10) for _ in range(10)]
    outcomes = run_together(*(lambda buyer=buyer: buy(buyer, product) for buyer in poor + rich))
    assert set(outcomes[:20]) <= {"funds", "out_of_stock"}
    assert sorted(outcomes[20:]) == number_codes(10)
    assert [count_coins(buyer) for buyer in poor + rich] == [9] * 20 + [0] * 10
    assert list_drifts() == []


def test_the_last_code_goes_to_who_can_pay():
    for _ in range(10):
        product, poor, rich = make_product("LAST"), make_buyer(9), make_buyer(10)
        outcomes = run_together(
            lambda p=product, who=poor: buy(who, p), lambda p=product, who=rich: buy(who, p)
        )
        assert outcomes[0] in ("funds", "out_of_stock")
        assert outcomes[1] == "LAST"


def test_the_last_code_given_back_by_a_failed_sale_goes_to_the_one_who_waits():
    """Somebody has locked it and turns out not to be able to pay."""
    product, buyer = make_product("LAST"), make_buyer()
    held, outcomes = threading.Event(), []

    def fail():
        with transaction.atomic():
            list(ProductCode.objects.select_for_update())
            held.set()
            gave_up.wait(WAIT_SECONDS)
            transaction.set_rollback(True)

    def wait_and_buy():
        held.wait(WAIT_SECONDS)
        threading.Timer(0.5, gave_up.set).start()
        outcomes.append(buy(buyer, product))

    gave_up = threading.Event()
    run_together(fail, wait_and_buy)
    assert (outcomes, count_coins(buyer)) == (["LAST"], 90)


def test_a_held_code_keeps_nobody_from_the_next_one():
    product, buyer = make_product("HELD", "FREE"), make_buyer()
    with transaction.atomic():
        ProductCode.objects.select_for_update().order_by("id").first()
        assert run_together(lambda: buy(buyer, product)) == ["FREE"]


def test_the_same_coins_buy_once_at_once():
    product, buyer = make_product(*number_codes(10)), make_buyer(10)
    outcomes = run_together(*(lambda: buy(buyer, product) for _ in range(10)))
    assert sorted(outcomes, key=len) == ["funds"] * 9 + [ProductCode.objects.get(buyer=buyer).code]
    assert count_coins(buyer) == 0
    assert list_drifts() == []


def test_a_wallet_that_is_busy_keeps_nobody_else_from_buying():
    product, busy, other = make_product("A", "B"), make_buyer(), make_buyer()
    wallet = open_wallet(busy.pk, Currency.COIN)
    released, bought = threading.Event(), []

    def hold():
        with transaction.atomic():
            Account.objects.select_for_update().get(pk=wallet.pk)
            released.wait(WAIT_SECONDS)

    def buy_besides():
        bought.append(buy(other, product))
        released.set()

    run_together(hold, lambda: buy(busy, product), buy_besides)
    assert bought[0] in ("A", "B")
    assert ProductCode.objects.filter(buyer=None).count() == 0


def test_low_stock_is_told_once_however_many_sell_out_at_once():
    """None of them sees the others' sales before they commit."""
    for _ in range(5):
        WalletEvent.objects.all().delete()
        product = make_product(*number_codes(8), low_stock=1)
        buyers = [make_buyer() for _ in range(8)]
        outcomes = run_together(*(lambda who=who, p=product: buy(who, p) for who in buyers))
        assert sorted(outcomes) == number_codes(8)
        told = WalletEvent.objects.filter(kind="low_stock").values_list("data", flat=True)
        assert list(told) == [{"product": "Top-up", "left": 0}]


def test_a_code_is_shown_once_more_once_at_once():
    product, buyer = make_product("SECRET"), make_buyer()
    code = buy_product(buyer.pk, product.pk)
    outcomes = run_together(*(lambda: show_again(buyer.pk, code.pk).code for _ in range(20)))
    refused = [outcome.code.value for outcome in outcomes if isinstance(outcome, CampaignRefused)]
    assert (outcomes.count("SECRET"), refused) == (1, ["shown"] * 19)
