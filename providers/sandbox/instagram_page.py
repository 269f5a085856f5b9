"""Instagram's page for the person at `/instagram/oauth/authorize`. Persian, without scripts; everything escaped."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from providers.sandbox.instagram_people import PEOPLE
from providers.sandbox.wire import Answer, html_answer

PAGE = """<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>اینستاگرام آزمایشی</title>
<style>
body {{ font: 1rem/1.8 system-ui, sans-serif; max-inline-size: 34rem; margin: 2rem auto; padding-inline: 1rem; }}
li {{ margin-block: .75rem; }}
ul {{ list-style: none; padding: 0; }}
button {{ font: inherit; inline-size: 12rem; padding: .4rem; }}
input {{ font: inherit; inline-size: 12rem; padding: .4rem; box-sizing: border-box; margin-block-end: .5rem; }}
</style>
</head>
<body>
<h1>اینستاگرام آزمایشی</h1>
{content}
</body>
</html>
"""
OFFER = """<p><bdi>{client}</bdi> می‌خواهد از طرف شما وارد شود و ببیند چه چیزهایی را پسندیده‌اید.
پس از آن به <bdi>{host}</bdi> برمی‌گردید.</p>
<p>اینجا حساب واقعی‌ای در کار نیست. انتخاب کنید با کدام حساب وارد شوید:</p>
<form method="post" action="/instagram/oauth/authorize">
{hidden}
<ul>
{buttons}
<li><button name="choice" value="deny">اجازه نمی‌دهم</button> بدون ورود برمی‌گردید.</li>
</ul>
</form>
<form method="post" action="/instagram/oauth/authorize">
{hidden}
<p><label for="username">یا با نامی دیگر:</label></p>
<p><input id="username" name="username" dir="ltr" maxlength="30" pattern="[A-Za-z0-9._]+" autocomplete="off" required>
<button>ورود با این نام</button></p>
<p>نامی که با <bdi>nolike</bdi> آغاز شود هیچ چیز را نپسندیده است؛ با <bdi>slow</bdi>، <bdi>garbage</bdi> یا
<bdi>refused</bdi> ورود دیر پاسخ می‌گیرد، پاسخ نامفهوم می‌گیرد یا رد می‌شود.</p>
</form>"""
LIKES, LIKES_NOTHING = "همه چیز را پسندیده است.", "هیچ چیز را نپسندیده است."
ERROR = "<p>این درخواست ورود درست نیست:</p>\n<p><bdi>{words}</bdi></p>"


def show_offer(asked: Mapping[str, str]) -> Answer:
    """The page that asks; `asked` are the fields it sends along with the choice."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(text)}">' for name, text in asked.items()
    )
    buttons = "\n".join(
        f'<li><button name="username" value="{person.username}"><bdi>{person.username}</bdi></button>'
        f" {LIKES if person.likes else LIKES_NOTHING}</li>"
        for person in PEOPLE
    )
    host = urlsplit(asked["redirect_uri"]).netloc
    content = OFFER.format(
        client=escape(asked["client_id"]), host=escape(host), hidden=hidden, buttons=buttons
    )
    return _show(content)


def show_error(words: str) -> Answer:
    """The page for a request that can't be answered; nobody is led anywhere."""
    return _show(ERROR.format(words=escape(words)), 400)


def _show(content: str, status: int = 200) -> Answer:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return html_answer(PAGE.format(content=content), status, Content_Security_Policy=policy)
