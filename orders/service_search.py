"""Finding services by words among all that are on sale: each process remembers their names, folded.

Letters are compared as panel/lib/folding.py folds them, which no index of the database does. 10,000 names take some
4 MB, are read anew when the catalogue's version has moved on, and are looked through within milliseconds.
"""

import threading
from dataclasses import dataclass

from orders.catalogue import find_catalogue_version
from orders.models import Service
from panel.lib.dates import read_digits
from panel.lib.folding import fold_text

_reading = threading.Lock()
_known = (None, None)  # the catalogue's version, and its Index


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with something on sale."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A service on sale; `words` is what is compared, folded: its name and its category's."""

    pk: int
    category_id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Index:
    """What is on sale at one moment: Shelves and Entries, both in the catalogue's order."""

    shelves: tuple[Shelf, ...] = ()
    entries: tuple[Entry, ...] = ()

    def find(self, words, category_id=None):
        """The Entries with all `words` (text), in any order; of one category or all (None).

        A word that is a number also finds the service of that id, before all others.
        """
        wanted = fold_text(words).split()
        numbers = {read_digits(word) for word in wanted} - {None}
        named, found = [], []
        for entry in self.entries:
            if category_id is not None and entry.category_id != category_id:
                continue
            if entry.pk in numbers:
                named.append(entry)
            elif all(word in entry.words for word in wanted):
                found.append(entry)
        return named + found


def read_index():
    """The Index as it is; one query where it is remembered."""
    global _known
    version = find_catalogue_version()
    known = _known
    if known[0] != version:
        with _reading:
            if _known[0] != version:
                # The version was read before the names: these can only be newer than it says, never older.
                _known = (version, _load_index())
            known = _known
    return known[1]


def _load_index():
    rows = (
        Service.objects.filter(active=True, category__active=True)
        .order_by("category__sort", "category_id", "id")
        .values_list("pk", "category_id", "name", "category__name")
    )
    shelves, entries = {}, []
    for pk, category_id, name, shelf in rows:
        shelves.setdefault(category_id, Shelf(category_id, shelf))
        entries.append(Entry(pk, category_id, name, fold_text(f"{name} {shelf}")))
    return Index(tuple(shelves.values()), tuple(entries))
