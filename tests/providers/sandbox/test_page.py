import requests

from providers.sandbox.fates import FATES
from providers.sandbox.page import DIALECTS, SMS_ENDINGS


def test_the_page_shows_orders_and_messages_escaped(sandbox, add):
    add("https://example.com/<script>alert(1)</script>")
    body = {"from": "3000", "recipients": ["09121234567"], "message": "<b>کد: 123456</b>", "type": 0}
    headers = {"token": "sandbox-sms-token"}
    requests.post(f"{sandbox.url}/sms/api/v1/rest/sms/send", json=body, headers=headers, timeout=10)
    answer = requests.get(f"{sandbox.url}/", timeout=10)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert answer.text.count("<td") == len(DIALECTS) * 3 + len(SMS_ENDINGS) * 2 + 8 + 4
    assert "https://example.com/&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "&lt;b&gt;کد: 123456&lt;/b&gt;" in answer.text
    assert "<script" not in answer.text


def test_the_page_tells_what_is_played_where(sandbox):
    page = requests.get(sandbox.url, timeout=10).text
    paths = [
        "/standard/api/v2",
        "/gray_city/api/…",
        "/happy_follower/api/v1/…",
        "/panel_app/api/v1/…",
        "/sms/api/v1/rest/…",
        "/kavenegar/v1/{key}/…",
        "/aparat/etc/api/video/videohash/…",
        "/bank/pg/v4/payment/…",
        "/instagram/v1/media/…",
        "/instagram/oauth/authorize",
        "/bazaar/devapi/v2/api/…",
        "/posts?username=…",
    ]
    assert [path for path in paths if f'<td dir="auto">{path}</td>' in page] == paths
    assert [fate for fate in FATES if f"<code>{fate}</code>" not in page] == []


def test_the_page_shows_the_newest_fifty_first(sandbox, add):
    for number in range(52):
        add(f"https://example.com/p/{number}")
    page = requests.get(sandbox.url, timeout=10).text
    shown = [number for number in range(52) if f"https://example.com/p/{number}<" in page]
    assert shown == list(range(2, 52))
    assert page.index("p/51<") < page.index("p/50<")
