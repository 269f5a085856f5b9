"""The words and HTTP statuses of happy-follower's refusals (contracts: happy-follower-v1, "Failure").

The texts belong to the contract: they are Persian whoever calls.
"""

from orders.refusals import OrderRefused, Refusal
from orders.trials import TooManyTrials
from panel.accounts.sessions import SessionRefused
from panel.api.rest.views import CallRefused

BAD_TOKEN = "توکن نامعتبر یا منقضی شده است"  # noqa: S105 - words for a refused token
NO_SERVICE = "سرویسی با این شناسه برای سفارش وجود ندارد"
MISSING = "فیلد {field} الزامی است"
BAD_FIELD = "مقدار فیلد {field} نامعتبر است"
TOO_MANY_TRIALS = "سفارش‌های باز آزمایشی بیش از حد مجاز است؛ {seconds} ثانیه دیگر دوباره تلاش کنید"

# By HTTP status, for what happens before or beside the contract's own rules.
FAULTS = {
    400: "بدنه درخواست خوانا نیست؛ آن را به شکل JSON یا فرم بفرستید",
    401: BAD_TOKEN,
    404: "نشانی درخواست یافت نشد",
    405: "این روش HTTP برای این نشانی پشتیبانی نمی‌شود",
    413: "حجم درخواست بیش از حد مجاز است",
    415: "نوع محتوای درخواست پشتیبانی نمی‌شود؛ JSON یا فرم بفرستید",
    429: "تعداد درخواست‌ها بیش از حد مجاز است؛ کمی بعد دوباره تلاش کنید",
    500: "خطایی در سامانه رخ داد",
    503: "سامانه موقتاً در دسترس نیست؛ کمی بعد دوباره تلاش کنید",
}
REFUSALS = {
    Refusal.KEY_INVALID: (401, BAD_TOKEN),
    Refusal.CUSTOMER_LOCKED: (401, BAD_TOKEN),
    Refusal.SERVICE_UNKNOWN: (404, NO_SERVICE),
    Refusal.FIELD_MISSING: (400, MISSING),
    Refusal.FIELD_BAD: (400, BAD_FIELD),
    Refusal.LINK_BAD: (400, "لینک نامعتبر است"),
    Refusal.QUANTITY_LOW: (400, "فیلد count باید دست‌کم {limit} باشد"),
    Refusal.QUANTITY_HIGH: (400, "فیلد count باید حداکثر {limit} باشد"),
    Refusal.FUNDS: (403, "اعتبار کافی نیست"),
    Refusal.KEY_REUSED: (409, "این Idempotency-Key پیش‌تر با درخواست دیگری به کار رفته است"),
    Refusal.CUSTOMER_BLOCKED: (403, "ثبت سفارش برای حساب شما غیرفعال است"),
    Refusal.READ_ONLY: (403, "این کلید API فقط اجازه خواندن دارد"),
    Refusal.LINK_RULE: (400, "این سرویس چنین لینکی را نمی‌پذیرد"),
    Refusal.LINK_BLOCKED: (400, "سفارش برای این لینک پذیرفته نمی‌شود"),
    Refusal.LINK_TAKEN: (400, "برای این لینک سفارش در حال انجامی وجود دارد"),
    Refusal.WORD_BLOCKED: (400, "فیلد {field} واژه‌ای غیرمجاز دارد"),
    Refusal.VIDEO_SHORT: (400, "ویدیو باید بلندتر از {limit} ثانیه باشد"),
    Refusal.VIDEO_UNKNOWN: (400, "مدت ویدیو مشخص نشد؛ لینک را بررسی کنید یا بعداً دوباره تلاش کنید"),
    Refusal.REFILL_OFF: (400, "این سرویس جبران ریزش ندارد"),
    Refusal.REFILL_NOT_NOW: (400, "اکنون نمی‌توان برای این سفارش جبران ریزش خواست"),
    Refusal.REFILL_UNKNOWN: (404, "جبران ریزشی با این شناسه یافت نشد"),
    Refusal.RECHECK_SOON: (429, "این سفارش به‌تازگی بررسی شده است؛ {limit} ثانیه دیگر دوباره تلاش کنید"),
    Refusal.ORDER_UNKNOWN: (404, "سفارشی با این شناسه یافت نشد"),
    Refusal.NOT_CANCELABLE: (409, "این سفارش دیگر قابل لغو نیست"),
}
# What the engine calls the fields that this contract has.
_FIELDS = {"link": "link", "quantity": "count", "Idempotency-Key": "Idempotency-Key"}


def word(refused):
    """`(HTTP status, text)` for a refusal of the engine."""
    if refused.code is Refusal.FIELD_MISSING and refused.field not in _FIELDS:
        return REFUSALS[Refusal.SERVICE_UNKNOWN]  # it needs more than a link and a count: not sold here
    status, words = REFUSALS[refused.code]
    text = words.format(field=_FIELDS.get(refused.field, refused.field), limit=refused.limit)
    return status, f"{text}. نمونه درست: {refused.example}" if refused.example else text


def translate(error):
    """The CallRefused for an exception that ContractView doesn't know, or that carries a header; else itself."""
    if isinstance(error, SessionRefused):
        return CallRefused(401, BAD_TOKEN)
    if isinstance(error, TooManyTrials):
        seconds = str(error.retry_after_seconds)
        return CallRefused(429, TOO_MANY_TRIALS.format(seconds=seconds), Retry_After=seconds)
    if isinstance(error, OrderRefused) and error.code is Refusal.RECHECK_SOON:
        return CallRefused(*word(error), Retry_After=str(error.limit))
    return error
