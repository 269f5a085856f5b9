"""The bank's page for its customer at `/bank/pg/StartPay/{authority}`, and what its buttons do.

Persian, without scripts and files from elsewhere; everything escaped.
"""

import http.client
import ipaddress
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from providers.sandbox.bank_sessions import OUTCOMES, Session
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, html_answer, json_answer

CALL_SECONDS = 10
BUTTONS = (
    ("pay", "پرداخت", "پول می‌رسد و به فروشگاه برمی‌گردید."),
    ("fail", "پرداخت ناموفق", "کارت پذیرفته نمی‌شود؛ بدون پرداخت برمی‌گردید."),
    ("cancel", "انصراف", "بدون پرداخت برمی‌گردید."),
    ("close", "بستن صفحه", "پول می‌رسد، ولی بازگشتی در کار نیست."),
    ("twice", "دو بار بازگشت", "پول می‌رسد و فروشگاه دو بار خبر می‌شود."),
    ("mismatch", "پرداخت مبلغی دیگر", "مبلغ پرداختی با مبلغ فروشگاه فرق دارد."),
    ("nonsense", "پاسخ نامفهوم بانک", "پول می‌رسد، ولی بانک بار اول پاسخ بی‌معنا می‌دهد."),
    ("slow", "پاسخ دیر بانک", "پول می‌رسد، ولی بانک بار اول دیر پاسخ می‌دهد."),
)
PAGE = """<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>بانک آزمایشی</title>
<style>
body {{ font: 1rem/1.8 system-ui, sans-serif; max-inline-size: 34rem; margin: 2rem auto; padding-inline: 1rem; }}
li {{ margin-block: .75rem; }}
ul {{ list-style: none; padding: 0; }}
button {{ font: inherit; inline-size: 12rem; padding: .4rem; }}
</style>
</head>
<body>
<h1>بانک آزمایشی</h1>
{content}
</body>
</html>
"""
OFFER = """<p>مبلغ: <strong><bdi>{toman:,}</bdi> تومان</strong> (<bdi>{amount:,} {currency}</bdi>)</p>
<p><bdi>{description}</bdi></p>
<p>اینجا پولی جابه‌جا نمی‌شود. انتخاب کنید چه پیش بیاید:</p>
<form method="post" action="/bank/pay/{authority}">
<ul>
{buttons}
</ul>
</form>"""
OVER = """<p>این پرداخت انجام شده است.</p>
<p><a href="{callback}">بازگشت به فروشگاه</a></p>"""
CLOSED = "<p>پرداخت انجام شد. حالا این صفحه را ببندید؛ فروشگاه از آن خبردار نشده است.</p>"
UNKNOWN = "<p>چنین پرداختی نیست.</p>"


def answer_start(state: State, request: Request) -> Answer:
    """`GET pg/StartPay/{authority}`."""
    session = _find_session(state, request)
    if session is None:
        return _show(UNKNOWN, 404)
    if session.paid:
        return _show(OVER.format(callback=escape(build_callback(session))))
    buttons = "\n".join(
        f'<li><button name="outcome" value="{name}">{words}</button> {meaning}</li>'
        for name, words, meaning in BUTTONS
    )
    return _show(
        OFFER.format(
            toman=session.toman,
            amount=session.amount,
            currency=session.currency,
            description=escape(session.description),
            authority=session.authority,
            buttons=buttons,
        )
    )


def answer_pay(state: State, request: Request) -> Answer:
    """`POST /bank/pay/{authority}`: 302 to the shop, except for `close`."""
    session = _find_session(state, request)
    if session is None:
        return _show(UNKNOWN, 404)
    outcome = dict(request.form_pairs()).get("outcome", "")
    if outcome not in OUTCOMES:
        return json_answer({"error": f"outcomes: {', '.join(sorted(OUTCOMES))}"}, 400)
    state.bank.choose(session, outcome)
    if session.outcome == "close":
        return _show(CLOSED)
    if session.outcome == "twice":
        _call_shop(build_callback(session))
    return Answer(status=302, headers={"Location": build_callback(session), "Cache-Control": "no-store"})


def build_callback(session: Session) -> str:
    """Where the customer goes back to: the shop's address with `Authority` and `Status`."""
    parts = urlsplit(session.callback_url)
    told = [("Authority", session.authority), ("Status", "OK" if session.paid else "NOK")]
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True) + told)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _find_session(state: State, request: Request) -> Session | None:
    return state.bank.find(request.path.rpartition("/")[2])


def _show(content: str, status: int = 200) -> Answer:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return html_answer(PAGE.format(content=content), status, Content_Security_Policy=policy)


def _call_shop(url: str) -> None:
    """One call of the bank's own to a shop on this machine; what it answers is not looked at."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
        return
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=CALL_SECONDS)
    try:
        connection.request("GET", f"{parts.path or '/'}?{parts.query}")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return  # the customer's own return tells the shop the same
    finally:
        connection.close()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
