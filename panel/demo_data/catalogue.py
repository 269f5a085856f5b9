"""The demo's categories and services: those the panel-app contract shows, and one of each kind."""

import json
from functools import cache
from pathlib import Path

from django.core.management.color import no_style
from django.db import connection

from orders.models import Category, Service

SOURCE = Path(__file__).with_name("catalogue.json")
NOT_COLUMNS = ("word", "category", "upstream", "dialect")


@cache
def read_catalogue():
    """`{"categories": […], "services": […]}` as in the file.

    A service's `word` is its name among the facts, `upstream` the sandbox's service that its orders go to, in
    `dialect` where that isn't the standard one.
    """
    return json.loads(SOURCE.read_text(encoding="utf-8"))


def load_catalogue():
    """Store the categories and services that are missing, with their own ids."""
    source = read_catalogue()
    Category.objects.bulk_create([Category(**row) for row in source["categories"]], ignore_conflicts=True)
    Service.objects.bulk_create([_build_service(row) for row in source["services"]], ignore_conflicts=True)
    _advance_sequences(Category, Service)


def _build_service(row):
    columns = {name: value for name, value in row.items() if name not in NOT_COLUMNS}
    return Service(category_id=row["category"], **columns)


def _advance_sequences(*models):
    """Rows that are added later get ids above the ones stored here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def list_service_words():
    """`{word: service id}` of the services that the facts name."""
    return {row["word"]: row["id"] for row in read_catalogue()["services"] if "word" in row}


def list_upstream_services():
    """`{service id: (dialect, the sandbox's service id)}` of the services that the sandbox can carry out."""
    return {
        row["id"]: (row.get("dialect", "standard"), row["upstream"])
        for row in read_catalogue()["services"]
        if "upstream" in row
    }
