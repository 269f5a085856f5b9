"""Each process of a parallel run has a Valkey database of its own."""

import pytest

from tests.parallel import find_database


@pytest.mark.parametrize(
    ("worker", "url"), [("gw0", "redis://127.0.0.1:6379/4"), ("gw11", "redis://127.0.0.1:6379/15")]
)
def test_workers_share_no_database_with_anything_else(worker, url):
    assert find_database(worker, "redis://127.0.0.1:6379/1") == url
