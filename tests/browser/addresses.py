"""The addresses of all pages, taken from the URL map: a new page is looked at without being listed."""

from django.urls import URLResolver, get_resolver, reverse

PROGRAMS = "/api/"
REFERENCE = "/api/docs/"
PICTURES = ("cover",)


def list_addresses(ids):
    """Paths of the browser's pages outside the admin; `ids` has what stands for the names in their patterns.

    A name that `ids` hasn't fails: whoever adds such a page says what is to be looked at on it.
    """
    found = set()
    for name, wanted in _walk(get_resolver().url_patterns):
        missing = sorted(set(wanted) - set(ids))
        path = "" if missing else reverse(name, kwargs={key: ids[key] for key in wanted})
        if missing and not _is_for_programs(name, wanted):
            raise AssertionError(f"{name}: tests/browser/lived_in.py names no {', '.join(missing)}")
        if path and (not path.startswith(PROGRAMS) or path.startswith(REFERENCE)):
            found.add(path)
    return sorted(found)


def _walk(patterns, namespaces=()):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
                yield from _walk(pattern.url_patterns, inner)
        elif pattern.name and pattern.name not in PICTURES:
            yield ":".join((*namespaces, pattern.name)), list(pattern.pattern.regex.groupindex)


def _is_for_programs(name, wanted):
    return reverse(name, kwargs=dict.fromkeys(wanted, 1)).startswith(PROGRAMS)
