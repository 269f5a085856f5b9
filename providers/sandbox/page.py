"""The page at `/`: what the sandbox plays, and the newest orders and messages, for people.

No scripts; everything escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape

from providers.sandbox.fates import FATES
from providers.sandbox.messages import list_messages
from providers.sandbox.orders import list_orders, read_last_id
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, html_answer

ROWS = 50
DIALECTS = (
    ("standard", "/standard/api/v2", "key=sandbox-key"),
    ("gray-city", "/gray_city/api/…", "Authorization: Token sandbox-key"),
    ("happy-follower", "/happy_follower/api/v1/…", "auth with Authorization: Bearer sandbox-key"),
    ("panel-app", "/panel_app/api/v1/…", "Authorization: Bearer sandbox-key"),
    ("SMS gateway", "/sms/api/v1/rest/…", "token: sandbox-sms-token"),
    ("SMS gateway Kavenegar", "/kavenegar/v1/{key}/…", "key sandbox-kavenegar-key"),
    ("Aparat (lengths of videos)", "/aparat/etc/api/video/videohash/…", "none"),
    ("a bank (Zarinpal v4)", "/bank/pg/v4/payment/…", "any merchant_id of 36 characters"),
    ("Instagram: API v1", "/instagram/v1/media/…", "access_token=sandbox-app-token or like-token"),
    ("Instagram: login", "/instagram/oauth/authorize", "client_id=sandbox-client"),
    (
        "an app store (Cafe Bazaar)",
        "/bazaar/devapi/v2/api/…",
        "CAFEBAZAAR-PISHKHAN-API-SECRET: sandbox-bazaar-secret",
    ),
    ("posts of users", "/posts?username=…", "none"),
)
SMS_ENDINGS = (
    ("9021 … 9029, 9100, 9200", "refused with code 21 … 29, 1000 or 2000"),
    ("0500, 9429", "HTTP 500 or 429, not accepted"),
    ("0408, 9110, 9204", "accepted, no answer, the connection reset, or an empty answer"),
    ("9502, 0999, 9206", "accepted, answered with HTTP 500, a page, or an empty result"),
    ("0005, 0006", "accepted, doesn't reach the handset (5), or returns (6)"),
    ("9000 … 9006, 9014", "accepted, ends in delivery state 0 … 6 or 14"),
)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sandbox</title></head>
<body>
<h1>Sandbox</h1>
<p>Nothing is really delivered here. Any key that starts with <code>sandbox-</code> has money of its own;
<code>sandbox-poor</code> has none.</p>
<h2>What it plays</h2>
{dialects}
<p>A word in the link (in the description, for ads of gray-city) chooses what becomes of an order, the same in
each dialect: {fates}. Any other order is completed.</p>
<p>The last digits of a recipient choose what becomes of a text message:</p>
{endings}
<p>The word <code>sandbox-code-22</code> in a text has it refused with code 22, and so with any number. The tokens
<code>sandbox-sms-missing</code>, <code>-trial</code>, <code>-locked</code>, <code>-expired</code>,
<code>-unverified</code> and <code>-noaccess</code> are accounts in states 1 to 6; <code>sandbox-sms-poor</code> and
<code>sandbox-kavenegar-poor</code> have no credit.</p>
<h2>Newest orders</h2>
{orders}
<h2>Newest messages</h2>
{messages}
</body>
</html>
"""


def answer_page(state: State, request: Request) -> Answer:
    """`GET /`."""
    since = max(read_last_id(state.store) - ROWS, 0)
    orders = list_orders(state.store, state.speeds.pace, state.tell_time(), since_id=since)
    columns = ("order", "service", "link", "quantity", "fate", "status", "remains", "key")
    order_rows = [[order[column] for column in columns] for order in reversed(orders)]
    message_rows = [
        (message.id, message.sender, ", ".join(message.recipients), message.text)
        for message in list_messages(state.store, state.tell_sms_time(), limit=ROWS)
    ]
    page = PAGE.format(
        dialects=_table(("dialect", "path", "credential"), DIALECTS),
        fates=", ".join(f"<code>{escape(fate)}</code>" for fate in sorted(FATES)),
        endings=_table(("ends in", "what happens"), SMS_ENDINGS),
        orders=_table(columns, order_rows),
        messages=_table(("id", "from", "recipients", "text"), message_rows),
    )
    return html_answer(page, Content_Security_Policy="default-src 'none'")


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    return f'<table border="1">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>'


def _cell(value: object) -> str:
    return f'<td dir="auto">{escape("" if value is None else str(value))}</td>'
