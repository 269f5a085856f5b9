"""Which fields a page reads of a request: seen while it reads them, so nobody has to keep a list of them true."""

from contextlib import contextmanager

from django.http import QueryDict

ROUNDS = 4
# With which a page goes on to its next field.
GOOD = {
    "quantity": "100",
    "link": "https://www.instagram.com/p/abc/",
    "target_url": "https://www.instagram.com/p/abd/",
    "numbers": "09121111111",
    "text": "hello",
    "terms": "1",
    "amount": "50000",
    "theme": "dark",
    "language": "en",
    "contract": "standard",
    "topics": "orders",
    "url": "http://127.0.0.1:9/other",
    "sender": "3000123456",
    "title": "A title",
    "body": "A body",
    "subject": "A subject",
    "message": "A message",
    "budget": "100",
    "name": "a name",
    "reason": "spam",
}


@contextmanager
def fields_seen():
    """A set that fills with the names that are read from any QueryDict meanwhile."""
    seen, kept = set(), {}

    def spy(name):
        real = getattr(QueryDict, name)

        def read(self, key, *args, **kwargs):
            if isinstance(key, str):
                seen.add(key)
            return real(self, key, *args, **kwargs)

        kept[name] = QueryDict.__dict__.get(name)
        setattr(QueryDict, name, read)

    names = ("get", "getlist", "__getitem__", "__contains__", "pop")
    for name in names:
        spy(name)
    try:
        yield seen
    finally:
        for name in names:
            if kept[name] is None:
                delattr(QueryDict, name)
            else:
                setattr(QueryDict, name, kept[name])


def find_fields(browser, method, path, good):
    """The names that the page reads, asked with ever more of them until no other comes up."""
    known = set()
    for _ in range(ROUNDS):
        with fields_seen() as seen:
            getattr(browser, method)(path, {name: good.get(name, "1") for name in known})
        if seen <= known:
            break
        known |= seen
    return known - {"csrfmiddlewaretoken", "_method"}
