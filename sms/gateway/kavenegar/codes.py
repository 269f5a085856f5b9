"""Kavenegar's two code tables, and what each of their numbers is in the words of every gateway."""

from sms.gateway.codes import Code, DeliveryState
from sms.gateway.errors import (
    AccountError,
    NotSent,
    Refused,
    ReportError,
    SendingRefused,
    SendingUnclear,
    ServerError,
)


class ReturnCode(Code):
    """ "کدهای برگشتی": the outcome of a call, in `return.status`; 200, success, is not among them."""

    MISSING_PARAMETERS = 400, "پارامترها ناقص هستند.", "parameters are missing"
    ACCOUNT_DISABLED = 401, "حساب کاربری غیرفعال شده است.", "the account is disabled"
    FAILED = 402, "عملیات ناموفق بود.", "the operation failed"
    INVALID_KEY = 403, "کد شناسایی API-Key معتبر نیست.", "the API key is not valid"
    UNKNOWN_METHOD = 404, "متد نامشخص است.", "no such method"
    WRONG_VERB = 405, "متد Get/Post اشتباه است.", "the method is called with the wrong verb"
    EMPTY_PARAMETERS = 406, "پارامترهای اجباری خالی ارسال شده‌اند.", "required parameters are empty"
    ACCESS_DENIED = 407, "دسترسی به اطلاعات مورد نظر برای شما امکان‌پذیر نیست.", "access is denied"
    BUSY = 409, "سرور قادر به پاسخگویی نیست، بعدا تلاش کنید.", "the server can not answer now"
    WRONG_RECIPIENT = 411, "دریافت‌کننده نامعتبر است.", "a recipient is not valid"
    WRONG_SENDER = 412, "ارسال‌کننده نامعتبر است.", "the number to send from is not valid"
    WRONG_MESSAGE = 413, "پیام خالی است یا طول آن بیش از حد مجاز است.", "the message is empty or too long"
    TOO_MANY = 414, "حجم درخواست بیشتر از حد مجاز است.", "too many items in one call"
    WRONG_INDEX = 415, "اندیس شروع بزرگ‌تر از تعداد کل است.", "the start index is beyond the end"
    WRONG_ADDRESS = 416, "IP سرویس مبدا با تنظیمات مطابقت ندارد.", "our address is not one of the settings"
    WRONG_TIME = 417, "تاریخ ارسال اشتباه است.", "the time of sending is wrong"
    NO_CREDIT = 418, "اعتبار شما کافی نیست.", "not enough credit"
    MISMATCH = 419, "طول آرایه متن و گیرنده و فرستنده هم‌اندازه نیست.", "the arrays differ in length"
    LINK_FORBIDDEN = 420, "استفاده از لینک در متن پیام برای شما محدود شده است.", "links are forbidden to us"
    WRONG_CHARACTER = 422, "داده‌ها به دلیل وجود کاراکتر نامناسب قابل پردازش نیست.", "an unfit character"
    NO_TEMPLATE = 424, "الگوی مورد نظر پیدا نشد.", "no such template, or it is not approved"
    NEEDS_SERVICE = 426, "استفاده از این متد نیازمند سرویس پیشرفته است.", "needs the advanced service"
    NEEDS_LEVEL = 427, "استفاده از این خط نیازمند ایجاد سطح دسترسی است.", "the line needs a level of access"
    NO_CALL = 428, "ارسال کد از طریق تماس تلفنی امکان‌پذیر نیست.", "the code can not be sent by a call"
    ADDRESS_LIMITED = 429, "IP محدود شده است.", "our address is limited"
    WRONG_TOKEN = 431, "ساختار کد صحیح نیست.", "a token is not of the form that is due"
    NO_TOKEN = 432, "پارامتر کد در متن پیام پیدا نشد.", "the template has no place for a token"
    TOO_OFTEN = 451, "فراخوانی بیش از حد در بازه زمانی مشخص.", "too many calls in a time"
    TEST_ONLY = (
        501,
        "فقط امکان ارسال پیام تست به شماره صاحب حساب وجود دارد.",
        "the account may only send tests",
    )
    WRONG_TAG = 607, "نام تگ انتخابی اشتباه است.", "the tag is wrong"


# 402 says nothing of what went out before it, and 409 is the server's own trouble: neither is a refusal.
ERRORS = {
    ReturnCode.MISSING_PARAMETERS: Refused,
    ReturnCode.ACCOUNT_DISABLED: AccountError,
    ReturnCode.FAILED: SendingUnclear,
    ReturnCode.INVALID_KEY: AccountError,
    ReturnCode.UNKNOWN_METHOD: Refused,
    ReturnCode.WRONG_VERB: Refused,
    ReturnCode.EMPTY_PARAMETERS: Refused,
    ReturnCode.ACCESS_DENIED: AccountError,
    ReturnCode.BUSY: ServerError,
    ReturnCode.WRONG_RECIPIENT: SendingRefused,
    ReturnCode.WRONG_SENDER: SendingRefused,
    ReturnCode.WRONG_MESSAGE: SendingRefused,
    ReturnCode.TOO_MANY: SendingRefused,
    ReturnCode.WRONG_INDEX: ReportError,
    ReturnCode.WRONG_ADDRESS: AccountError,
    ReturnCode.WRONG_TIME: SendingRefused,
    ReturnCode.NO_CREDIT: SendingRefused,
    ReturnCode.MISMATCH: SendingRefused,
    ReturnCode.LINK_FORBIDDEN: SendingRefused,
    ReturnCode.WRONG_CHARACTER: SendingRefused,
    ReturnCode.NO_TEMPLATE: SendingRefused,
    ReturnCode.NEEDS_SERVICE: AccountError,
    ReturnCode.NEEDS_LEVEL: AccountError,
    ReturnCode.NO_CALL: SendingRefused,
    ReturnCode.ADDRESS_LIMITED: NotSent,
    ReturnCode.WRONG_TOKEN: SendingRefused,
    ReturnCode.NO_TOKEN: SendingRefused,
    ReturnCode.TOO_OFTEN: NotSent,
    ReturnCode.TEST_ONLY: AccountError,
    ReturnCode.WRONG_TAG: SendingRefused,
}
RETURN_CODES = {int(code): code for code in ReturnCode}


class MessageState(Code):
    """ "وضعیت پیامک‌ها": where one message is."""

    QUEUED = 1, "در صف ارسال", "queued"
    SCHEDULED = 2, "زمان‌بندی شده", "scheduled"
    SENT = 4, "ارسال شده به مخابرات", "sent to the operator"
    SENT_TOO = 5, "ارسال شده به مخابرات", "sent to the operator"
    FAILED = 6, "خطا در ارسال پیام", "failed at the operator"
    DELIVERED = 10, "رسیده به گیرنده", "reached the recipient"
    NOT_DELIVERED = 11, "نرسیده به گیرنده", "did not reach the recipient"
    CANCELED = 13, "لغو شده", "canceled, and its cost given back"
    BLOCKED = 14, "بلاک شده", "blocked by the recipient, and its cost given back"
    INVALID = 100, "شناسه پیامک نامعتبر است", "no such message"


DELIVERY_STATES = {
    MessageState.QUEUED: DeliveryState.UNREPORTED,
    MessageState.SCHEDULED: DeliveryState.UNREPORTED,
    MessageState.SENT: DeliveryState.SENT,
    MessageState.SENT_TOO: DeliveryState.SENT,
    MessageState.FAILED: DeliveryState.NOT_AT_OPERATOR,
    MessageState.DELIVERED: DeliveryState.DELIVERED,
    MessageState.NOT_DELIVERED: DeliveryState.NOT_DELIVERED,
    MessageState.CANCELED: DeliveryState.NOT_AT_OPERATOR,
    MessageState.BLOCKED: DeliveryState.RETURNED,
    MessageState.INVALID: DeliveryState.INVALID,
}
