"""How many statements each page takes, counted in this process."""

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

HTML = "text/html"


def count_queries(customer: Client, staff: Client, order_id: int) -> dict[str, int]:
    """Statements by path: of every page of the dashboard without an id, an order's page, and the admin's lists."""
    counts = {path: _count(customer, path) for path in [*_list_customer_paths(), f"/orders/{order_id}/"]}
    counts |= {path: _count(staff, path) for path in _list_admin_paths()}
    return {path: count for path, count in counts.items() if count is not None}


def _list_customer_paths() -> list[str]:
    resolver = get_resolver().namespace_dict["dashboard"][1]
    names = [name for name in resolver.reverse_dict if isinstance(name, str)]
    plain = [name for name in names if not resolver.reverse_dict.getlist(name)[0][0][0][1]]
    return sorted(reverse(f"dashboard:{name}") for name in plain)


def _list_admin_paths() -> list[str]:
    models = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    return [reverse("admin:index"), *(reverse(f"admin:{name}_changelist") for name in models)]


def _count(browser: Client, path: str) -> int | None:
    """The second answer's, when what a process remembers is there; None for what is no page."""
    answer = browser.get(path)
    if answer.status_code != 200 or HTML not in answer.headers["Content-Type"]:
        return None
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return len(queries)
