"""The words of this contract's `message` (contracts: sms-gateway-rest), by HTTP status.

The texts belong to the contract: they are Persian whoever calls. What the document has a code for is no message but
that code in `result` (sms/gateway/codes.py).
"""

BAD_CREDENTIALS = "توکن، نام کاربری یا رمز عبور اشتباه است"
BAD_FIELD = "مقدار فیلد {field} نامعتبر است"
FAULTS = {
    400: "بدنه درخواست خوانا نیست؛ آن را به شکل یک ساختار JSON بفرستید",
    401: BAD_CREDENTIALS,
    404: "نشانی درخواست یافت نشد",
    405: "این روش HTTP برای این نشانی پشتیبانی نمی‌شود",
    413: "حجم درخواست بیش از حد مجاز است",
    429: "تعداد درخواست‌ها بیش از حد مجاز است؛ کمی بعد دوباره تلاش کنید",
}
# Why a password is refused when a user registers; the document has no code for it.
PASSWORDS = {
    "password_too_short": "رمز عبور کوتاه است؛ دست‌کم ۸ نویسه لازم است",
    "password_too_common": "رمز عبور بیش از حد رایج است",
    "password_entirely_numeric": "رمز عبور نباید فقط عدد باشد",
    "password_too_similar": "رمز عبور به مشخصات کاربر شبیه است",
}
