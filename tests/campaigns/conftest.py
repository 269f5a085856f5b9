"""What tests of the like exchange start from."""

import pytest


@pytest.fixture
def instagram(sandbox, settings):
    """The sandbox in Instagram's place, which has 3 s for an answer; no like is looked at again by chance."""
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    settings.LIKE_CHECK_SECONDS = 3
    settings.LIKE_RECHECK_PERCENT = 0
    return sandbox
