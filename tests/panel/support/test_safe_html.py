"""What of somebody's HTML is shown, and that nothing of it runs."""

import re

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from panel.support.safe_html import TAGS, clean_html, has_words, show_html

HOSTILE = [
    "<script>alert(1)</script>x",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>x",
    "<scr<script>ipt>alert(1)</scr</script>ipt>x",
    "<img src=x onerror=alert(1)>x",
    "<svg onload=alert(1)>x</svg>",
    "<svg><script>alert(1)</script>x",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>x",
    "<p onclick=alert(1) style='position:fixed' class=dialog id=a hx-get=/logout/ hx-trigger=load>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='/logout/'>x</a>",
    "<a href='//evil.test'>x</a>",
    "<a href=https://ok.test target=_top rel=opener ping=//evil.test onmouseover=alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>x",
    "<object data=//evil.test></object><embed src=//evil.test>x",
    "<form action=//evil.test><input name=a><button formaction=javascript:alert(1)>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.test'><base href=//evil.test><link rel=stylesheet href=//e>x",
    "<style>*{display:none}</style>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>x",
    "<template><script>alert(1)</script></template>x",
    "<!--<img src='--><img src=x onerror=alert(1)>x",
    "</div></main><textarea><p title='</textarea><script>alert(1)</script>'>x",
    "<p <script>alert(1)</script> x",
    "<details open ontoggle=alert(1)>x</details>",
    '"><img src=x onerror=alert(1)>x',
    "{{ request.user }}{% csrf_token %}<xss>x</xss>",
]
LINK = r'<a(?: href="https?://[^"<>]*")? rel="nofollow noopener">'
TAG = re.compile(rf"<(?:/?(?:{'|'.join(sorted(TAGS - {'a'}))})|/a)>|{LINK}")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_but_the_few_tags_is_left(text):
    shown = show_html(text)
    assert set("<>") & set(TAG.sub("", shown)) <= {">"}, shown
    assert "<" not in TAG.sub("", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_cleaning_again_changes_nothing(text):
    once = clean_html(text)
    assert clean_html(once) == once


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("hello", "hello"),
        (" a < b & c > d ", "a &lt; b &amp; c &gt; d"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("<p>سلام <b>دوست</b></p>", "<p>سلام <b>دوست</b></p>"),
        ("<ul><li>a</li></ul><blockquote>b</blockquote>", "<ul><li>a</li></ul><blockquote>b</blockquote>"),
        (
            '<a href="https://a.test/?b=1&c=2" target="_blank">a</a>',
            '<a href="https://a.test/?b=1&amp;c=2" rel="nofollow noopener">a</a>',
        ),
        ("<h1>big</h1><b>open", "big<b>open</b>"),
    ],
)
def test_what_is_stored(text, stored):
    assert clean_html(text) == stored


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("one\n\ntwo", "one<br><br>two"),
        ("<b>one</b>\ntwo", "<b>one</b><br>two"),
        ("<p>one</p>\n<p>two</p>", "<p>one</p>\n<p>two</p>"),
    ],
)
def test_line_breaks_are_shown(stored, shown):
    assert show_html(stored) == shown
    assert type(show_html(stored)) is SafeString


def test_a_row_that_nobody_cleaned_is_cleaned_when_shown():
    page = Template("{% load ticket_html %}{{ text|show_html }}")
    assert page.render(Context({"text": "<img src=x onerror=alert(1)><i>x</i>"})) == "<i>x</i>"


@pytest.mark.parametrize("text", ["", "<p></p>", "<p>&nbsp;<br></p>", "<b> \n</b>"])
def test_nothing_to_read(text):
    assert not has_words(text)


def test_something_to_read():
    assert has_words("<p>&nbsp;x</p>")
