"""The words of gray-city's errors (contracts: gray-city-v2, the status tables).

Published words stand letter by letter, slips of the pen included: clients compare with them. The others are in
the document's manner, for faults that it doesn't name.
"""

from orders.refusals import Refusal

NO_TOKEN = "اطلاعات احراز هویت ارائه نشده است"  # noqa: S105 - words for a missing token
BAD_TOKEN = "توکن نامعتبر است"  # noqa: S105 - words for a refused token
NO_LINK = "پارامتر لینک یافت نشد"
BAD_LINK = "لینک ارسال شده نامعبتر است"
NO_COMMENT = "پارامتر کامنت یافت نشد"
NO_DESCRIPTION = "متن تبلیغ یافت نشد"
SHORT_VIDEO = "تایم ویدیو کمتر از مقدار گفته شده میباشد"
NO_FUNDS = "موجودی کافی نیست"
UNKNOWN_TRACKING = "ایدی پیگیری سفارش یافت نشد"
BAD_TRACKING = "پارامتر ارسالی نامبعتر است"
NO_COUNT = "پارامتر count یافت نشد"
OTHER_COUNT = "مقدار پارامتر count با تعداد کامنت ها برابر نیست"

UNKNOWN = {"product": "محصول یافت نشد", "category": "کتگوری یافت نشد"}
FOREIGN = {
    "product": "ایدی محصول ارسال شده مربوط به این دسته بندی نمی باشد",
    "category": "ایدی کتگوری ارسال شده مربوط به این دسته بندی نمی باشد",
}

# By HTTP status, for what is wrong with a call before anybody reads its order.
FAULT_WORDS = {
    400: "بدنه درخواست نا معتبر است",
    404: "صفحه یافت نشد",
    405: "متد درخواست مجاز نیست",
    413: "حجم درخواست بیش از حد مجاز است",
    415: "هدر Content-Type نا معتبر است",
    429: "تعداد درخواست ها بیش از حد مجاز است",
    500: "خطای داخلی سرور",
    503: "سرویس موقتا در دسترس نیست، کمی بعد دوباره تلاش کنید",
}

_MISSING = {
    "link": NO_LINK,
    "quantity": NO_COUNT,
    "comments": NO_COMMENT,
    "description": NO_DESCRIPTION,
}
# What the engine's fields are called here.
_NAMES = {"quantity": "count", "comments": "comment"}
_REFUSALS = {
    Refusal.KEY_INVALID: (403, BAD_TOKEN),
    Refusal.CUSTOMER_LOCKED: (403, BAD_TOKEN),
    Refusal.CUSTOMER_BLOCKED: (403, "ثبت سفارش برای این حساب غیرفعال است"),
    Refusal.READ_ONLY: (403, "این توکن فقط اجازه خواندن دارد"),
    Refusal.FUNDS: (403, NO_FUNDS),
    Refusal.QUANTITY_LOW: (400, "تعداد درخواستی کمتر از حداقل مجاز ({limit}) است"),
    Refusal.QUANTITY_HIGH: (400, "تعداد درخواستی بیشتر از حداکثر مجاز ({limit}) است"),
    Refusal.LINK_BAD: (400, BAD_LINK),
    Refusal.LINK_BLOCKED: (400, "ثبت سفارش برای این لینک مجاز نیست"),
    Refusal.LINK_TAKEN: (400, "سفارش دیگری برای این لینک در حال انجام است"),
    Refusal.WORD_BLOCKED: (400, "متن ارسال شده کلمه غیرمجاز دارد"),
    Refusal.VIDEO_SHORT: (400, SHORT_VIDEO),
    Refusal.VIDEO_UNKNOWN: (400, "تایم ویدیو مشخص نشد، لینک را بررسی کنید یا کمی بعد دوباره تلاش کنید"),
    Refusal.KEY_REUSED: (400, "هدر Idempotency-Key قبلا برای سفارش دیگری ارسال شده است"),
}


def word_refusal(refused, service_word):
    """`(HTTP status, words)` for a refusal of the engine; `service_word` is what the path calls a service."""
    if refused.code is Refusal.SERVICE_UNKNOWN:
        return 404, UNKNOWN[service_word]
    if refused.code is Refusal.FIELD_MISSING:
        return 400, _MISSING.get(refused.field) or bad_value(refused.field)
    if refused.code is Refusal.FIELD_BAD:
        return 400, bad_value(_NAMES.get(refused.field, refused.field))
    if refused.code is Refusal.LINK_RULE:
        return 400, f"{BAD_LINK}، نمونه: {refused.example}" if refused.example else BAD_LINK
    status, words = _REFUSALS[refused.code]
    return status, words.format(limit=refused.limit)


def bad_type(name):
    """The words for a parameter that names a service and is no number."""
    return f"تایپ ولیو پارامتر {name} نا معتبر است"


def bad_value(name):
    """The words for another parameter whose value can't be read."""
    return f"مقدار پارامتر {name} نا معتبر است"
