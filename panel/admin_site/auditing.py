"""What staff did, told to whoever keeps the log (panel.staff): this package stands below it and only speaks.

Values of secrets never leave this module: of those it is told only that they changed.
"""

from decimal import Decimal
from functools import wraps

from django.db import models
from django.dispatch import Signal

from panel.lib.secrets import EncryptedTextField

# Sent with `request`, `action` (a word), `obj` or None, `changes` {field: [old, new]} and `words`. A receiver that
# fails undoes what is told about: it is sent within the same transaction.
staff_acted = Signal()
HIDDEN = "•••"
SECRET_WORDS = ("password", "secret", "token", "digest")
LONGEST_VALUE = 500


def tell_action(request, action, obj=None, *, changes=None, words=""):
    """Have it written down that whoever sent `request` did `action` to `obj`; raises what the log raises."""
    staff_acted.send(None, request=request, action=action, obj=obj, changes=changes or {}, words=str(words))


def changes_nothing(view):
    """Marks a view (of a class) whose POSTs only show something: they are not worth a line."""

    @wraps(view)
    def show(self, request, *args, **kwargs):
        request.staff_recorded = True
        return view(self, request, *args, **kwargs)

    return show


def take_snapshot(obj):
    """`{field: value}` of all that is loaded of `obj`, with the names of what it is linked to many times."""
    left_out = obj.get_deferred_fields()
    fields = [field for field in obj._meta.concrete_fields if field.attname not in left_out]
    values = {field.name: field.value_from_object(obj) for field in fields}
    for field in obj._meta.many_to_many:
        values[field.name] = sorted(map(str, getattr(obj, field.name).all())) if obj.pk else []
    return values


def find_changes(model, before, after):
    """`{field: [old, new]}`, fit for JSON, of what two snapshots of a `model` say differently."""
    changes = {}
    for name in before | after:
        old, new = before.get(name), after.get(name)
        if old != new:
            secret = is_secret(model._meta.get_field(name))
            changes[name] = [_show_secret(old), _show_secret(new)] if secret else [_show(old), _show(new)]
    return changes


def is_secret(field):
    """Whether a field's values may stand in no log."""
    if isinstance(field, EncryptedTextField | models.BinaryField):
        return True
    holds_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return holds_text and any(word in field.name for word in SECRET_WORDS)


def _show_secret(value):
    return HIDDEN if value else None


def _show(value):
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_show(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    return str(value)[:LONGEST_VALUE]
