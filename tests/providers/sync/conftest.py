"""What tests of the sync start from: the sandbox as an upstream whose list can be changed."""

from dataclasses import replace

import pytest

from providers.sandbox import catalogue
from tests.factories import make_provider


@pytest.fixture
def upstream(monkeypatch):
    """The sandbox's catalogue: `tell(id, rate="9.5")` changes a row of its list, `drop(ids)` takes rows off."""
    services = dict(catalogue.SERVICES)
    monkeypatch.setattr(catalogue, "SERVICES", services)
    return UpstreamList(services)


class UpstreamList:
    """What the upstream lists from now on."""

    def __init__(self, services):
        self._services = services
        self._dropped = {}

    def tell(self, pk, **values):
        """Change a row, or add one that is like the first."""
        self._services[pk] = replace(self._services.get(pk, self._services[1]), id=pk, **values)

    def drop(self, *ids):
        """Take rows off the list."""
        self._dropped |= {pk: self._services.pop(pk) for pk in ids}

    def bring_back(self, *ids):
        """Put dropped rows on the list again."""
        self._services.update({pk: self._dropped.pop(pk) for pk in ids})

    def __iter__(self):
        return iter(list(self._services))


@pytest.fixture
def provider(db, sandbox, upstream, clean_redis):
    """A provider at the sandbox, priced in toman, whose list was never read."""
    return make_provider(sandbox.url)
