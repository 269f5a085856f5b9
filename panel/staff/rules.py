"""Which pages staff may open and use while they act as a customer. What isn't named here is closed."""

_seen: set[str] = set()
_used: set[str] = set()


def allow_while_acting(*, see=(), use=()):
    """Open pages by the names of their URLs: to be `see`n (GET) or `use`d too; when an application is ready."""
    _seen.update(see, use)
    _used.update(use)


def asks_nobody(view):
    """A view that answers everybody alike: no session is read for it, so that caches may keep what it answers."""
    view.asks_nobody = True
    return view


def is_open(name, *, unsafe, locked):
    """Whether a page may be asked; of a customer who is `locked` everything is only looked at."""
    if not unsafe:
        return name in _seen
    return name in _used and not locked
