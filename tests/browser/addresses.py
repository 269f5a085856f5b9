"""The addresses of all pages, taken from the URL map: a new page is looked at without being listed."""

from django.apps import apps
from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse

PROGRAMS = "/api/"
REFERENCE = "/api/docs/"
PICTURES = ("cover",)
WORDS = {"event": "order_completed", "language": "fa"}  # in the admin's addresses of texts
# Pages that Django makes alike for every model: those of one are looked at.
ALIKE, EXAMPLE = ("_history", "_delete"), "support.CannedAnswer"
# Pages of the admin that are about a row of another model than the one they belong to.
OF_OTHERS = {"order_id": "orders.Order", "provider_id": "providers.Provider"}


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


def list_admin_addresses():
    """Paths of the admin's pages: those of every model, on its newest row where they are about one."""
    found = {reverse("admin:index"), reverse("admin:password_change")}
    newest = {name: _find_newest(apps.get_model(model)) for name, model in OF_OTHERS.items()} | WORDS
    for model, model_admin in admin.site._registry.items():
        newest["object_id"] = newest["id"] = _find_newest(model)
        for pattern in model_admin.get_urls():
            if pattern.name and pattern.name.endswith(ALIKE) and model._meta.label != EXAMPLE:
                continue
            ids = {name: newest[name] for name in pattern.pattern.regex.groupindex}
            if pattern.name and None not in ids.values():
                found.add(reverse(f"admin:{pattern.name}", kwargs=ids))
    return sorted(found)


def _find_newest(model):
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first()


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
