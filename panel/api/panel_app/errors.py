"""The words and statuses of panel-app's refusals (contracts: panel-app-v1).

The texts belong to the contract: they are Persian whoever calls.
"""

from orders.refusals import Refusal

BAD_TOKEN = "توکن اشتباه یا منقضی شده است"  # noqa: S105 - words for a refused token
FORBIDDEN = "منع دسترسی"
BAD_FIELD = "مقدار فیلد {field} نامعتبر است"
MISSING = "فیلد {field} الزامی است"
NO_ORDER = "سفارش مورد نظر یافت نشد"

# By status, for what happens before or beside the contract's own rules.
FAULTS = {
    400: "بدنه درخواست (body) خوانا نیست؛ آن را به شکل JSON یا فرم بفرستید",
    401: BAD_TOKEN,
    403: FORBIDDEN,
    404: "نشانی درخواست یافت نشد",
    405: "این روش HTTP برای این نشانی پشتیبانی نمی‌شود",
    413: "حجم درخواست بیش از حد مجاز است",
    415: "نوع محتوای درخواست پشتیبانی نمی‌شود؛ JSON یا فرم بفرستید",
    429: "محدودیت ارسال درخواست",
    500: "Server Error",
    503: "سامانه موقتاً در دسترس نیست؛ کمی بعد دوباره تلاش کنید",
}
REFUSALS = {
    Refusal.KEY_INVALID: (401, BAD_TOKEN),
    Refusal.CUSTOMER_LOCKED: (401, BAD_TOKEN),
    Refusal.SERVICE_UNKNOWN: (400, "سرویسی با این شناسه (service_id) برای سفارش وجود ندارد"),
    Refusal.FIELD_MISSING: (400, MISSING),
    Refusal.FIELD_BAD: (400, BAD_FIELD),
    Refusal.LINK_BAD: (400, "لینک (link) نامعتبر است"),
    Refusal.QUANTITY_LOW: (400, "تعداد ({field}) باید دست‌کم {limit} باشد"),
    Refusal.QUANTITY_HIGH: (400, "تعداد ({field}) باید حداکثر {limit} باشد"),
    Refusal.FUNDS: (400, "موجودی کافی نیست"),
    Refusal.KEY_REUSED: (400, "این Idempotency-Key پیش‌تر با درخواست دیگری به کار رفته است"),
    Refusal.CUSTOMER_BLOCKED: (403, "ثبت سفارش برای حساب شما غیرفعال است"),
    Refusal.READ_ONLY: (403, FORBIDDEN),
    Refusal.LINK_RULE: (400, "این سرویس چنین لینکی (link) را نمی‌پذیرد"),
    Refusal.LINK_BLOCKED: (400, "سفارش برای این لینک (link) پذیرفته نمی‌شود"),
    Refusal.LINK_TAKEN: (400, "برای این لینک (link) سفارش در حال انجامی وجود دارد"),
    Refusal.WORD_BLOCKED: (400, "فیلد {field} واژه‌ای غیرمجاز دارد"),
    Refusal.VIDEO_SHORT: (400, "ویدیو (link) باید بلندتر از {limit} ثانیه باشد"),
    Refusal.VIDEO_UNKNOWN: (400, "مدت ویدیو (link) مشخص نشد؛ لینک را بررسی کنید یا بعداً دوباره تلاش کنید"),
    Refusal.REFILL_OFF: (400, "این سرویس جبران ریزش ندارد"),
    Refusal.REFILL_NOT_NOW: (400, "اکنون نمی‌توان برای این سفارش جبران ریزش خواست"),
    Refusal.REFILL_UNKNOWN: (404, "جبران ریزشی با این شناسه یافت نشد"),
    Refusal.RECHECK_SOON: (429, "این سفارش به‌تازگی بررسی شده است؛ {limit} ثانیه دیگر دوباره تلاش کنید"),
    Refusal.ORDER_UNKNOWN: (404, NO_ORDER),
    Refusal.NOT_CANCELABLE: (400, "این سفارش دیگر قابل لغو نیست"),
}
# What the engine calls the fields that have another name in this contract; the others are called the same.
FIELD_NAMES = {
    "media": "media_url",
    "min": "sub_min",
    "max": "sub_max",
    "posts": "sub_posts",
    "delay": "sub_delay",
    "expiry": "sub_expiry",
}


def word(refused):
    """`(status, text)` for a refusal of the engine."""
    status, words = REFUSALS[refused.code]
    text = words.format(field=FIELD_NAMES.get(refused.field, refused.field), limit=refused.limit)
    return status, f"{text}. نمونه درست: {refused.example}" if refused.example else text
