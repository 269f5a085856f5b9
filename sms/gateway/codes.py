"""The code tables of the gateway's document («مقادیر»), with its Persian words and their English meaning."""

from enum import IntEnum


class Code(IntEnum):
    """A number of one table; `persian` is the document's wording, `english` ours."""

    def __new__(cls, value, persian, english):
        member = int.__new__(cls, value)
        member._value_ = value
        member.persian = persian
        member.english = english
        return member


class UserState(Code):
    """ "وضعیت‌های کاربر": the account that called, or was asked about."""

    ACTIVE = 0, "کاربر در وضعیت فعال قرار دارد.", "the user is active"
    NOT_FOUND = 1, "کاربر مورد بررسی یافت نشده است.", "no such user"
    TRIAL = 2, "کاربر آزمایشی.", "a trial user: values are good for testing only"
    LOCKED = 3, "کاربر قفل شده.", "the user is locked"
    EXPIRED = 4, "کاربر منقضی شده.", "the user's membership has expired"
    UNVERIFIED = 5, "کاربر تایید نشده.", "the user is not verified yet"
    NO_ACCESS = 6, "عدم دسترسی به وب‌سرویس.", "the user has no access to the web service"


class RegisterState(Code):
    """ "وضعیت‌های درخواست ثبت کاربر جدید": the outcome of registering a user."""

    DONE = 0, "ثبت‌نام کاربر با موفقیت انجام شده است.", "registered"
    BAD_USERNAME = 10, "نام کاربری ارسال شده نامعتبر است.", "the username is not valid"
    BAD_MOBILE = 11, "موبایل ارسال شده نامعتبر است.", "the mobile is not valid"
    BAD_NATIONAL_CODE = 12, "کد ملی ارسال شده نامعتبر است.", "the national code is not valid"
    BAD_EMAIL = 13, "ایمیل ارسال شده نامعتبر است.", "the email is not valid"
    MANAGER_NOT_ALLOWED = 14, "مدیر کاربر درخواستی دسترسی کافی ندارد.", "the user's manager may not do this"
    USERNAME_TAKEN = 15, "نام کاربری ارسال شده قبلا ثبت شده است.", "the username is taken"
    BAD_PACKAGE = 16, "پکیج درخواستی اشتباه است.", "the package is wrong"
    PASSWORDS_DIFFER = 17, "رمزعبور و تکرار آن هماهنگ نیست.", "the two passwords differ"


class SendState(Code):
    """ "وضعیت‌های ارسال پیامک": the outcome of sending."""

    DONE = 0, "ارسال پیامک با موفقیت انجام شده است.", "sent"
    TOO_MANY_RECIPIENTS = 21, "تعداد دریافت‌کننده‌ها از مقدار مجاز بیشتر است.", "too many recipients"
    NO_CREDIT = 22, "کاربر اعتبار کافی برای ارسال پیامک ندارد.", "not enough credit"
    WRONG_NUMBER = 23, "شماره اشتباه برای ارسال انتخاب شده است.", "a wrong number to send from"
    EMPTY_MESSAGE = 24, "پیام ارسال شده خالی است.", "the message is empty"
    NO_RECIPIENTS = 25, "هیچ گیرنده‌ای انتخاب نشده است.", "no recipient"
    WRONG_TIME = 26, "زمان ارسال اشتباه تنظیم شده است.", "the time of sending is wrong"
    OPERATOR_ERROR = (
        27,
        "خطای نامشخص در ارسال برای اپراتور",
        "unknown error while handing over to the operator",
    )
    MISMATCH = 28, "داده‌های ارسالی مغایرت دارد.", "the data sent do not fit together"
    PATTERN_INACTIVE = 29, "الگوی انتخاب شده فعال نیست.", "the pattern is not active"


class ReportState(Code):
    """ "وضعیت گزارش‌های پیامکی": the outcome of asking for a report."""

    DONE = 0, "گزارش با موفقیت ایجاد شد.", "the report is there"
    NO_MESSAGES = 30, "هیچ پیامکی انتخاب نشده است.", "no message was named"
    NO_REPORT = 31, "هیچ گزارشی موجود نیست", "there is no report"
    TOO_MANY_MESSAGES = 32, "تعداد پیام‌ها از حد مجاز فراتر رفته است.", "too many messages"


class DeliveryState(Code):
    """ "وضعیت دلیوری": where one message is."""

    UNREPORTED = (
        0,
        "ارسال شده به مخابرات (از اپراتور گزارش دریافت نشده)",
        "sent, no report from the operator yet",
    )
    SENT = 1, "ارسال شده به مخابرات", "sent to the operator"
    NOT_AT_OPERATOR = 2, "نرسیده به مخابرات", "did not reach the operator"
    AT_OPERATOR = 3, "رسیده به مخابرات", "reached the operator"
    DELIVERED = 4, "رسیده به گوشی", "reached the handset"
    NOT_DELIVERED = 5, "نرسیده به گوشی", "did not reach the handset"
    RETURNED = 6, "برگشتی", "returned"
    INVALID = 14, "کد وضعیت نامعتبر است", "no such message"


class PhonebookState(Code):
    """ "وضعیت دفترچه تلفن": the outcome of a phonebook operation."""

    DONE = 0, "عملیات با موفقیت انجام شد.", "done"
    NOT_FOUND = 40, "رکوردی با این اطلاعات وجود ندارد.", "no such record"
    EXISTS = 41, "دفترچه تلفن با این اطلاعات در حال حاضر موجود است.", "the phonebook exists already"
    NO_NUMBERS = 42, "شماره‌ای ارسال نشده است.", "no number was given"
    FAILED = 43, "عملیات شکست خورد.", "the operation failed"


class OtherState(Code):
    """ "سایر کدهای وضعیت": trouble at the gateway itself, in answer to any operation."""

    DATABASE_TROUBLE = 1000, "اشکال در پایگاه داده.", "trouble in the database"
    SERVER_TROUBLE = 2000, "اشکال در سرور.", "trouble in the server"


RESULT_TABLES = (UserState, RegisterState, SendState, ReportState, PhonebookState, OtherState)


def find_code(number):
    """The member of the result tables with this number, or None; 0 is in several and none is meant by it."""
    return next((table(number) for table in RESULT_TABLES if number and number in set(table)), None)
