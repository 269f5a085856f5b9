"""The plain dict of dialects."""

import pytest

from providers.adapters import ADAPTERS, register
from providers.adapters.standard import StandardAdapter


def test_a_dialect_is_registered_once():
    register("standard", StandardAdapter)
    with pytest.raises(ValueError, match="registered already"):
        register("standard", type("Other", (StandardAdapter,), {}))
    assert ADAPTERS["standard"] is StandardAdapter
