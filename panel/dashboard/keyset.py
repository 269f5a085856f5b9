"""Pages of long lists by the last row seen: page 1,000 costs what page 1 does."""

from dataclasses import dataclass

from panel.lib.dates import read_digits

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """`rows`, newest first; `older`: cursor of the next page, "" at the end; `first`: nothing is newer."""

    rows: list
    older: str
    first: bool


def read_cursor(request):
    """The `before` of the address as a row id, or None when there is none or it is no id."""
    return read_digits(request.GET.get("before", ""))


def read_page(queryset, before, size=PAGE_SIZE):
    """The `size` rows of `queryset` with the highest ids below `before` (None: from the newest on)."""
    below = queryset if before is None else queryset.filter(pk__lt=before)
    return cut_page(list(below.order_by("-pk")[: size + 1]), before is None, size)


def cut_page(rows, first, size=PAGE_SIZE, cursor=lambda row: row.pk):
    """A Page of rows fetched with one to spare, which tells whether there are older ones."""
    older = str(cursor(rows[size - 1])) if len(rows) > size else ""
    return Page(rows[:size], older, first)
