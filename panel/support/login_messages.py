"""The SMS that carries a code, queued in the transaction that makes the code."""

from panel.accounts import login_codes
from panel.accounts.models import LoginCode
from sms.outbox import queue_message
from sms.texts import write_text

KIND = "code_login"  # kinds that begin with "code" are hidden from staff
EVENTS = {LoginCode.Purpose.LOGIN: "code_login", LoginCode.Purpose.MOBILE: "code_mobile"}


def ask_login_code(username, address):
    """login_codes.ask_code with the code sent by SMS."""
    return login_codes.ask_code(username, address, queue_code)


def queue_code(fresh):
    """Queue the SMS of a FreshCode, in its receiver's language; not sent and not kept beyond the code's end."""
    queue_message(
        key=f"login-code:{fresh.row_id}",
        kind=KIND,
        to=fresh.mobile,
        **write_code(fresh)._asdict(),
        customer_id=fresh.customer_id,
        expires_at=fresh.expires_at,
    )


def write_code(fresh):
    """The Written text: its digits Latin ones, so that phones offer to type them in."""
    return write_text(EVENTS[fresh.purpose], fresh.language, {"code": fresh.code})
