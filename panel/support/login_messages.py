"""The SMS that carries a code, queued in the transaction that makes the code."""

from django.utils.translation import gettext, override

from panel.accounts import login_codes
from panel.accounts.models import LoginCode
from sms.outbox import queue_message

KIND = "code_login"  # kinds that begin with "code" are hidden from staff


def ask_login_code(username, address):
    """login_codes.ask_code with the code sent by SMS."""
    return login_codes.ask_code(username, address, queue_code)


def queue_code(fresh):
    """Queue the SMS of a FreshCode, in its receiver's language; not sent and not kept beyond the code's end."""
    queue_message(
        key=f"login-code:{fresh.row_id}",
        kind=KIND,
        to=fresh.mobile,
        text=describe_code(fresh),
        customer_id=fresh.customer_id,
        expires_at=fresh.expires_at,
    )


def describe_code(fresh):
    """The text: one line, its digits Latin ones, so that phones offer to type them in."""
    with override(fresh.language):
        template = {
            LoginCode.Purpose.LOGIN: gettext("Your login code: %(code)s"),
            LoginCode.Purpose.MOBILE: gettext("The code for your new mobile number: %(code)s"),
        }[fresh.purpose]
        return template % {"code": fresh.code}
