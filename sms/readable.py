"""What a text may hold to be stored and sent: no control characters, no halves of surrogate pairs."""

import re

# PostgreSQL stores no NUL and UTF-8 no surrogate; the other control characters are nothing that people write.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_readable(text):
    """Whether every character of `text` can be stored and sent; line breaks and tabs can."""
    return _UNREADABLE.search(text) is None


def make_readable(text):
    """`text` without the characters that can't be stored."""
    return _UNREADABLE.sub("", text)
