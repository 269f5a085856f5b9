"""The words and statuses of likenama's refusals (contracts: likenama-v1).

Published words stand letter by letter, lost spaces included: clients compare with them. The others are in the
document's manner, for what it doesn't name.
"""

from campaigns.refusals import Refusal
from panel.support.ticket_refusals import Refusal as TicketRefusal

BAD_TOKEN = "ارتباط با سرور قطع شدهاست. دوباره وارد شوید"  # noqa: S105 - words for a refused token
LOCKED = "اکانت شما قفل شدهاست. برای اطلاعات بیشتر با پشتیبانی تماس بگیرید"
NOT_FOUND = "مورد درخواستشده یافت نشد"
LONG_CONTENT = "متنپیام بلند است (حداکثر 500 کاراکتر)"
NO_CREDIT = "شما اعتبار کافی ندارید"
LOW_BUDGET = "باید اعتبار بیشتری برای کمپین خود اختصاص دهید"

READ_ONLY = "این کلید فقط برای خواندن است"
OTHER_VERSION = "این نسخه از API پشتیبانی نمی‌شود؛ application/vnd.likenama.v1 را به کار ببرید"
MISSING_PART = "بخش «{part}» در بدنه درخواست نیست"
EMPTY_CONTENT = "متن پیام را بنویسید"
EMPTY_TITLE = "عنوان پیام را بنویسید"
LONG_TITLE = "عنوان پیام بلند است (حداکثر {limit} کاراکتر)"
BAD_EMAIL = "نشانی ایمیل درست نیست"
EMAIL_LINE = "ایمیل: {email}"  # below what the person wrote, for staff

# By status, for what happens before or beside the contract's own rules.
FAULTS = {
    400: "بدنه درخواست خوانا نیست؛ آن را به شکل JSON بفرستید",
    401: BAD_TOKEN,
    403: READ_ONLY,
    404: NOT_FOUND,
    405: "این روش HTTP برای این نشانی پشتیبانی نمی‌شود",
    410: OTHER_VERSION,
    413: "حجم درخواست بیش از حد مجاز است",
    415: "نوع محتوای درخواست پشتیبانی نمی‌شود؛ JSON بفرستید",
    429: "تعداد درخواست‌ها بیش از حد مجاز است؛ کمی بعد دوباره تلاش کنید",
    500: "خطایی در سرور رخ داده است؛ کمی بعد دوباره تلاش کنید",
    503: "سامانه موقتاً در دسترس نیست؛ کمی بعد دوباره تلاش کنید",
}
# Under the refusal's field, or `base` where it has none.
REFUSALS = {
    Refusal.UNKNOWN: (404, NOT_FOUND),
    Refusal.TARGET: (422, "آدرس تصویر اینستاگرام اشتباه است"),
    Refusal.BUDGET_BAD: (422, "اعتبار کمپین را به شکل یک عدد صحیح بنویسید"),
    Refusal.BUDGET_LOW: (422, LOW_BUDGET),
    Refusal.FUNDS: (422, NO_CREDIT),
    Refusal.TEXT_LONG: (422, "متن بلند است (حداکثر {limit} کاراکتر)"),
    Refusal.TEXT_BAD: (422, "این مقدار نامعتبر است"),
    Refusal.OWN: (422, "لایک کردن کمپین خودتان پاداشی ندارد"),
    Refusal.UNVERIFIED: (422, "این کمپین به تایید مدیریت نرسیدهاست"),
    Refusal.GONE: (422, "این کمپین دیگر موجود نیست"),
    Refusal.OUT_OF_BUDGET: (422, "بودجه این کمپین به پایان رسیدهاست"),
    Refusal.ENDED: (422, "این کمپین به پایان رسیدهاست"),
    Refusal.SOON: (422, "بین هر لایک باید چند ثانیه صبر کنید"),
    Refusal.DAY: (422, "به حداکثر تعداد لایک روزانه ({limit}) رسیده‌اید؛ فردا ادامه دهید"),
    Refusal.ADDRESS: (422, "سهم لایک امروز شبکه شما تمام شده است؛ فردا ادامه دهید"),
    Refusal.TOKEN: (401, "ارتباط با اینستاگرام قطع شدهاست. دوباره وارد شوید"),
    Refusal.NOT_LIKED: (422, "این کمپین لایک نشده است"),
    Refusal.UNCLEAR: (503, "اینستاگرام پاسخ روشنی نداد؛ کمی بعد دوباره تلاش کنید"),
    Refusal.OUT_OF_STOCK: (404, NOT_FOUND),
    Refusal.NOT_PAID: (422, "پرداخت ناموفق بودهاست"),
    Refusal.PAYMENT_UNCLEAR: (
        422,
        "فروشگاه هنوز پرداخت را تایید نکرده است؛ دوباره از آن پرسیده می‌شود و سکه‌ها خودکار افزوده می‌شوند",
    ),
    Refusal.TOO_MANY_WAIT: (
        422,
        "{limit} خرید شما هنوز در انتظار پاسخ فروشگاه است؛ پس از روشن شدن آن‌ها این خرید را دوباره بفرستید",
    ),
    Refusal.TOKEN_BAD: (422, "توکن خرید نامعتبر است"),
    Refusal.STORE_OFF: (404, NOT_FOUND),
}
TICKET_REFUSALS = {
    TicketRefusal.OPEN: "شما {limit} تیکت باز دارید؛ پیش از فرستادن پیام تازه، یکی از آن‌ها باید بسته شود",
    TicketRefusal.OFTEN: "در هر ساعت حداکثر {limit} پیام می‌توانید بفرستید؛ کمی بعد دوباره تلاش کنید",
}


def word(refused):
    """`(status, {field or "base": [words]})` for a CampaignRefused."""
    status, words = REFUSALS[refused.code]
    return status, {refused.field or "base": [words.format(limit=refused.limit)]}
