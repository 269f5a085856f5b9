"""Addresses of pictures: read in many spellings, kept in one, and nothing else is taken."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.refusals import CampaignRefused
from campaigns.targets import LONGEST_URL, read_target
from tests.campaigns.steps import refusal_of

CODE = "CA2-Sn_n9YX"
OURS = re.compile(r"https://www\.instagram\.com/(?:p|reel|tv)/[A-Za-z0-9_-]{5,64}/", re.ASCII)
HOSTS = ("instagram.com", "www.instagram.com", "m.instagram.com", "instagr.am")
PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "//",
            "javascript:",
            "data:",
            "file://",
            "HTTPS://",
            ":",
            "@",
            "\\",
            "/",
            "?",
            "#",
        ),
        *(
            *HOSTS,
            "evil.example",
            ".evil.example",
            "instagram.com.",
            "127.0.0.1",
            "[::1]",
            ":443",
            "user:pass@",
        ),
        *(
            "p",
            "/p/",
            "/reel/",
            "/reels/",
            "/tv/",
            "/stories/",
            "someone",
            CODE,
            "%2e",
            "%00",
            "..",
            "\u2024",
            "ı",
        ),
        *(
            "\u200f",
            "\ud800",
            "\x00",
            "\n",
            " ",
            "é",
            "／",
            "ｐ",
            "ⓘnstagram.com",
            "ınstagram.com",
            "alert(1)",
        ),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        f"https://www.instagram.com/p/{CODE}/",
        f"http://instagram.com/p/{CODE}",
        f"instagram.com/p/{CODE}",
        f"m.instagram.com/p/{CODE}/",
        f"https://instagr.am/p/{CODE}/",
        f"HTTPS://WWW.Instagram.COM/p/{CODE}/",
        f"  https://www.instagram.com/p/{CODE}/?igsh=abc&utm_source=x#top\n",
        f"https://www.instagram.com/some.one_1/p/{CODE}/",
        f"https://www.instagram.com/p/{CODE}/media",
        f"www.instagram.com/p/{CODE}/?next=https://evil.example/",
    ],
)
def test_all_spellings_of_a_picture_are_kept_as_one(text):
    target = read_target(text)
    assert (target.url, target.code) == (f"https://www.instagram.com/p/{CODE}/", CODE)


@pytest.mark.parametrize(("path", "kept"), [("reel", "reel"), ("reels", "reel"), ("tv", "tv")])
def test_films_keep_their_kind(path, kept):
    assert read_target(f"instagram.com/{path}/{CODE}").url == f"https://www.instagram.com/{kept}/{CODE}/"


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "p", CODE, None, 7, b"https://www.instagram.com/p/CA2-Sn-n9YX/", ["x"]),
        f"javascript:alert(1)//www.instagram.com/p/{CODE}/",
        f"javascript://www.instagram.com/p/{CODE}/",
        f"data:text/html,instagram.com/p/{CODE}/",
        f"ftp://www.instagram.com/p/{CODE}/",
        f"//www.instagram.com/p/{CODE}/",
        f"https://evil.example/p/{CODE}/",
        f"https://instagram.com.evil.example/p/{CODE}/",
        f"https://evilinstagram.com/p/{CODE}/",
        f"https://l.instagram.com/p/{CODE}/",
        f"https://instagram.com@evil.example/p/{CODE}/",
        f"https://someone@instagram.com/p/{CODE}/",
        f"https://a:b@instagram.com/p/{CODE}/",
        f"https://instagram.com:8443/p/{CODE}/",
        f"https://instagram.com:443/p/{CODE}/",
        f"https://instagram.com:x/p/{CODE}/",
        f"https://evil.example\\@instagram.com/p/{CODE}/",
        f"https://[::1]/p/{CODE}/",
        f"https://[instagram.com/p/{CODE}/",
        f"https://ınstagram.com/p/{CODE}/",
        f"https://İnstagram.com/p/{CODE}/",
        f"https://inſtagram.com/p/{CODE}/",
        f"https://instаgram.com/p/{CODE}/",
        f"https://ｉnstagram.com/p/{CODE}/",
        f"https://xn--nstagram-9za.com/p/{CODE}/",
        f"https://instagram.com./p/{CODE}/",
        "https://www.instagram.com/",
        "https://www.instagram.com/someone/",
        "https://www.instagram.com/stories/someone/3141592653589793238/",
        f"https://www.instagram.com/x/y/p/{CODE}/",
        f"https://www.instagram.com/P/{CODE}/",
        "https://www.instagram.com/p/",
        "https://www.instagram.com/p/abcd/",
        f"https://www.instagram.com/p/{'a' * 65}/",
        "https://www.instagram.com/p/%43A2-Sn-n9YX/",
        "https://www.instagram.com/p/CA2é-Sn-n9YX/",
        "https://www.instagram.com/p/١٢٣٤٥٦/",
        f"https://www.instagram.com/p/{CODE} /",
        f"https://www.insta\ngram.com/p/{CODE}/",
        f"https://www.instagram.com/p/{CODE}/a/b",
        f"https://www.instagram.com/p/{CODE}/?{'a' * LONGEST_URL}",
    ],
)
def test_everything_else_is_refused(text):
    assert refusal_of(read_target, text) == "target"


def check(text):
    """Either our spelling, which reads as itself, or a refusal."""
    try:
        target = read_target(text)
    except CampaignRefused as refused:
        assert (refused.code.value, refused.field) == ("target", "target_url")
        return
    assert OURS.fullmatch(target.url)
    assert target.url.endswith(f"/{target.code}/")
    assert read_target(target.url) == target
    assert target.code in text
    assert any(host in text.lower() for host in HOSTS)


@given(st.text(max_size=60))
def test_any_text_is_our_spelling_or_refused(text):
    check(text)


@given(st.lists(PIECES, max_size=9).map("".join))
@example(f"https://www.instagram.com/p/{CODE}/")
def test_any_mixture_of_pieces_of_addresses_is_our_spelling_or_refused(text):
    check(text)
