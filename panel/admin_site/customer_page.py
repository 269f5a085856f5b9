"""What a customer's page shows at its top: short blocks, each added by the application that knows the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class BlockContent:
    """`facts` are (label, value) pairs; `rows` are the cells below `heads`, `empty` is said where there are none."""

    facts: tuple = ()
    heads: tuple = ()
    rows: tuple = ()
    empty: Any = ""


@dataclass(frozen=True, slots=True)
class CustomerBlock:
    """`read(customer)` gives its BlockContent in a few queries, for who has `permission`.

    `all_url(customer)` leads to all of its rows; blocks stand in the order of `place`.
    """

    title: Any
    place: int
    permission: str
    read: Callable[[Any], BlockContent]
    all_url: Callable[[Any], str] | None = None


_blocks: list[CustomerBlock] = []


def add_customer_block(block):
    """Show `block` on customers' pages; called once, when an application's admin is loaded."""
    _blocks.append(block)


def read_blocks(user, customer):
    """`[{title, url, content}]` of the blocks that `user` may see."""
    return [
        {
            "title": block.title,
            "url": block.all_url(customer) if block.all_url else "",
            "content": block.read(customer),
        }
        for block in sorted(_blocks, key=lambda block: block.place)
        if user.has_perm(block.permission)
    ]


def list_of(url_name):
    """An `all_url`: the list `url_name`, searched by the customer's username as IndexedSearchMixin does."""
    return lambda customer: f"{reverse(url_name)}?{urlencode({'q': customer.username})}"


def link_row(url_name, row, text=None):
    """A link to a row's page, by its number."""
    url = reverse(url_name, args=[row.pk])
    return format_html('<a href="{}"><bdi dir="ltr">{}</bdi></a>', url, text or f"#{row.pk}")
