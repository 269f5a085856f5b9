"""The HTML that customers and staff may write in tickets: a few tags for text, and links to other sites.

`clean_html` is the only way in. What is shown passes it again, so a row that came by another way is no danger either.
"""

import html

import nh3
from django.utils.safestring import mark_safe

TAGS = frozenset(
    {"p", "br", "b", "strong", "i", "em", "u", "ul", "ol", "li", "a", "code", "pre", "blockquote"}
)
BLOCKS = ("<p>", "<br>", "<ul>", "<ol>", "<pre>", "<blockquote>")
_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    url_relative="deny",  # also `//host`; a link into the panel could be one that changes something
    link_rel="nofollow noopener",
)


def clean_html(text):
    """`text`, plain or HTML, as HTML that is safe to show; line breaks stay as they are."""
    return _cleaner.clean(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_words(text):
    """Whether anything can be read in this HTML."""
    return bool(html.unescape(nh3.clean(text, tags=set())).strip())


def show_html(text):
    """Stored HTML for a template; the line breaks of plain text become `<br>`."""
    cleaned = clean_html(text)
    if not any(tag in cleaned for tag in BLOCKS):
        cleaned = cleaned.replace("\n", "<br>")
    return mark_safe(cleaned)  # noqa: S308 - nh3 has just cleaned it
