"""What is kept of an answer as evidence never holds a secret."""

import pytest

from panel.lib.http import excerpt

KEY = "k3y/with+odd &<chars>"


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        KEY.upper(),
        "k3y%2Fwith%2Bodd%20%26%3Cchars%3E",
        "k3y%2fwith%2bodd+%26%3cchars%3e",
        "k3y/with%2Bodd%20%26%3Cchars%3E",
        "k3y\\/with+odd &<chars>",
        "k3y/with+odd &amp;&lt;chars&gt;",
        "k3y/wi\x00th+odd\n&<chars>",
    ],
)
def test_a_secret_is_masked_however_it_is_written(written):
    assert excerpt(f"before {written} after".encode(), [KEY]) == "before *** after"


def test_a_longer_secret_is_masked_before_one_it_contains():
    assert excerpt(b"abcdef abc", ["abc", "abcdef", "", None]) == "*** ***"


def test_control_and_direction_characters_go_and_persian_joiners_stay():
    assert excerpt("a\x00b\x1b[31m\u202ec می\u200cشود\r\n\tend".encode()) == "ab[31mc می\u200cشود end"


def test_bytes_that_are_no_text_are_shown_as_such():
    assert excerpt(b"ok \xff\xfe end") == "ok \ufffd\ufffd end"


def test_text_is_cut_at_the_limit_after_masking():
    assert excerpt("topsecret" + "x" * 900, ["topsecret"], limit=10) == "***xxxxxxx"


def test_a_secret_on_the_edge_of_what_is_read_leaks_no_part():
    shown = {
        excerpt(b"\x00" * size + b"topsecret" * 9, ["topsecret"], limit=10) for size in range(1900, 2100)
    }
    assert set("".join(shown)) <= {"*"}
