"""What tests of notifications start from."""

from tests.providers.conftest import way  # noqa: F401 - the same start as for tests of an order's way
