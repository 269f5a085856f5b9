"""The one id under which everything that a request causes is logged, and what else the lines of a work tell.

A work (a request, a task, a call in a pool thread) is wrapped in `bound`. Threads begin with nothing bound: what is
submitted to a pool binds the id that its row carries, or goes through `carry`.
"""

import re
import uuid
from contextvars import ContextVar, copy_context
from functools import partial
from types import MappingProxyType

from django.conf import settings

NAMESPACE = uuid.UUID("6f1ac3de-54e5-4c6b-9d0c-5c3f4f1b7a10")  # of ids made from callers' texts
_TEXT = re.compile(r"[A-Za-z0-9-]{8,64}")
_bound = ContextVar("bound", default=MappingProxyType({}))


class bound:  # noqa: N801 - read as a verb, as contextlib's are
    """Every line logged inside `with bound(...)` has these fields beside those bound around it."""

    __slots__ = ("_fields", "_token")

    def __init__(self, **fields):
        self._fields = fields

    def __enter__(self):
        self._token = _bound.set({**_bound.get(), **self._fields})

    def __exit__(self, *_trouble):
        _bound.reset(self._token)


def bound_traces(traces, **fields):
    """`bound` for work that several requests caused: `traces` are their ids (UUID or None)."""
    known = list(dict.fromkeys(filter(None, traces)))
    if len(known) > 1:
        return bound(trace=None, traces=known, **fields)
    return bound(trace=known[0] if known else None, **fields)


def begin(**fields):
    """Bind these fields and forget all others, for work that has no `with` around it."""
    _bound.set(fields)


def note(**fields):
    """Add fields to what a request's lines tell; elsewhere nothing: a task works for one customer after the other."""
    around = _bound.get()
    if "trace" in around:
        around.update(fields)


def carry(function, *arguments):
    """`function(*arguments)` for another thread, with what is bound here and now."""
    return partial(copy_context().run, function, *arguments)


def read_bound():
    """What is bound now, by name."""
    return _bound.get()


def current_trace():
    """The UUID of the request that caused this work, or None where that is unknown."""
    return _bound.get().get("trace")


def read_request_id(meta):
    """`(the request's id as a UUID, the text that its sender wrote or None)`, from a request's META.

    A caller's own id counts only where a proxy of ours has passed it on (settings.TRUSTED_PROXIES); otherwise it is
    a new one.
    """
    text = meta.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    if _TEXT.fullmatch(text):
        return _name(text), text
    return uuid.uuid4(), None


def _name(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid5(NAMESPACE, text)
