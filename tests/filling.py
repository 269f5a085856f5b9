"""Rows of any model, filled by what its fields are: for tests that go over all models."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

_numbers = itertools.count(1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def fill_row(model, text="x", known=None, /, **values):
    """A new row of `model` with `text` in every field that takes words; `values` are taken as they are.

    What it must belong to is looked for in `known` (a dict of model and row, which grows), and made where missing.
    """
    known = {} if known is None else known
    for field in model._meta.concrete_fields:
        if field.name in values or field.attname in values:
            continue
        if field.is_relation:
            values[field.name] = _find_related(field, text, known)
        elif not (field.generated or _fills_itself(field)):
            values[field.name] = _fill(field, text)
    row = model._base_manager.create(**values)
    known.setdefault(model, row)
    return row


def _find_related(field, text, known):
    if field.null:
        return None
    related = field.related_model
    if related in known and not field.unique:
        return known[related]
    row = fill_row(related, text, known)
    known[related] = row
    return row


def _fills_itself(field):
    """Numbers and times that count by themselves, have a default, or may be left out."""
    if isinstance(field, models.CharField | models.TextField | models.JSONField | ArrayField):
        return field.null
    return isinstance(field, models.AutoField) or field.null or field.has_default() or field.has_db_default()


def _fill(field, text):
    number = next(_numbers)
    if field.choices:
        return field.default if field.has_default() else field.choices[0][0]
    if isinstance(field, ArrayField):
        return [_cut(field.base_field, text, number)]
    if isinstance(field, models.JSONField):
        return {"text": text}
    if isinstance(field, models.CharField | models.TextField):
        return _cut(field, text, number)
    if isinstance(field, models.BooleanField):
        return field.default if field.has_default() else False
    simple = {
        models.BinaryField: number.to_bytes(32, "big"),
        models.DateTimeField: NOW + timedelta(seconds=number),
        models.DateField: NOW.date() + timedelta(days=number),
        models.UUIDField: uuid.uuid4(),
    }
    return next((value for kind, value in simple.items() if isinstance(field, kind)), number)


def _cut(field, text, number):
    unique = field.unique or field.name == "email"  # by an expression, which its field doesn't know
    words = f"{text} {number}" if unique else text
    return words[-field.max_length :] if field.max_length else words
