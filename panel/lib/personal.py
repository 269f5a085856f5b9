"""Which of the rows and words in the database are about a person; each application says it of its own models.

A test goes over all models and all their fields with words: one that nobody classified fails it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

MARK = "erased"  # in the place of what may not be empty
WORDS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)


@dataclass(frozen=True)
class Personal:
    """Rows of `model` (a label) that are about a customer: those where one of `owners` (lookups) is them.

    `rows(customer)` gives a Q instead, where no link leads to them. `deleted` rows go; of the others `wiped` says
    what takes the place of each field that is personal, and `kept` names the fields with words that are not. The
    person gets what is `exported`.
    """

    model: str
    owners: tuple = ()
    rows: Callable[[Any], models.Q] | None = None
    deleted: bool = False
    wiped: dict = field(default_factory=dict)
    kept: tuple = ()
    exported: tuple = ()

    def find(self, customer):
        """The rows of the customer, whose id, mobile and email are still there."""
        found = self.rows(customer) if self.rows else models.Q()
        for owner in self.owners:
            found |= models.Q(**{owner: customer.pk})
        return apps.get_model(self.model)._base_manager.filter(found)


_parts: list[Personal] = []
_impersonal: dict[str, str] = {}
_obstacles: list[Callable] = []
_ends: list[Callable] = []


def add_personal(*parts):
    """Register what is personal of an application's models; called once, when it is ready."""
    _parts.extend(parts)


def add_impersonal(reason, *labels):
    """Register models whose words are about nobody, with the reason."""
    _impersonal.update(dict.fromkeys(labels, reason))


def add_obstacle(find):
    """`find(customer_id)` gives sentences that say what has to be done before the customer can be erased."""
    _obstacles.append(find)


def add_end(end):
    """`end(customer)` ends the customer's ways in and out at once, inside a transaction."""
    _ends.append(end)


def list_personal():
    """All Personal parts; later applications come first: what hangs on a row goes before the row."""
    return list(reversed(_parts))


def list_impersonal():
    """`{label: reason}`."""
    return dict(_impersonal)


def find_obstacles(customer_id):
    """What stands in the way of erasing the customer, as sentences in the current language."""
    return [sentence for find in _obstacles for sentence in find(customer_id)]


def end_access(customer):
    """End all of the customer's sessions, keys and whatever else is open."""
    for end in _ends:
        end(customer)


def list_word_fields(model):
    """The fields of a model that hold words of people; what is chosen from a list, and array of such, is none."""
    found = []
    for each in model._meta.concrete_fields:
        inner = getattr(each, "base_field", each)
        if isinstance(inner, WORDS) and not inner.choices:
            found.append(each.name)
    return found
