"""Which refusals are about our account at the upstream, and which about the order."""

import pytest

from providers.adapters.refusals import is_account_problem


@pytest.mark.parametrize(
    "text",
    [
        "Invalid API key",
        "invalid key",
        "error.invalid_api_key",
        "Incorrect api token!",
        "API key is not valid",
        "Api key not found",
        "API key has been revoked",
        "missing api key",
        "Unauthorized",
        "Access denied",
        "Your account is suspended",
        "Not enough funds on balance",
        "Not enough funds",
        "neworder.error.not_enough_funds",
        "Insufficient balance",
        "Insufficient user balance.",
        "You have insufficient credits",
        "Balance too low",
        "Your balance is insufficient",
        "Low balance",
        "No funds",
        "Please top up your balance",
        "موجودی کافی نیست",
        "موجودی حساب شما کافی نیست",
        "موجودی کیف پول شما برای این سفارش کافی نیست",
        "موجودی شما کمتر از مبلغ سفارش است",
        "کمبود موجودی",
        "به دلیل عدم موجودی سفارش ثبت نشد",
        "شما موجودی لازم ندارید",
        "توکن اشتباه یا منقضی شده است",
        "کلید API نامعتبر است",
        "توکن نامعتبر است",
        "توکن غیر مجاز",
        "اطلاعات احراز هویت ارائه نشده است",
        "اطلاعات برای اعتبارسنجی ارسال نشده است.",
        "Authentication credentials were not provided.",
        "Invalid token.",
    ],
)
def test_key_and_funds_are_the_account(text):
    assert is_account_problem(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect request",
        "Incorrect service ID",
        "Incorrect order ID",
        "Incorrect link",
        "Quantity less than minimal 100",
        "Quantity more than maximum 1000",
        "neworder.error.link_duplicate",
        "neworder.error.min_quantity",
        "You have active order with this link. Please wait until order being completed.",
        "The account is private",
        "Instagram account is disabled",
        "Invalid keyword",
        "Invalid username",
        "Refill is disabled for this service",
        "Not enough comments",
        "Service is disabled",
        "Unauthorized link",
        "لینک ارسال شده نامعتبر است",
        "محصول یافت نشد",
        "این سرویس موجودی ندارد",
        "منع دسترسی",
        "مقدار فیلد link نامعتبر است",
        "",
    ],
)
def test_what_is_about_the_order_is_not(text):
    assert is_account_problem(text) is False


def test_http_401_and_402_are_the_account_whatever_the_text():
    assert [is_account_problem("no", status) for status in (200, 400, 401, 402, 403)] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_dialect_names_the_statuses_that_are_the_account_there():
    told = [is_account_problem("no", status, (401, 403)) for status in (400, 401, 402, 403)]
    assert told == [False, True, False, True]
