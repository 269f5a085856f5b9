"""A sandbox of its own for each test, on a free port and in memory."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from providers.sandbox.server import SandboxServer

Call = Callable[..., requests.Response]


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A sandbox whose orders stand still at Pending until the pace is changed."""
    with SandboxServer(pace=3600) as server:
        yield server


@pytest.fixture
def call(sandbox: SandboxServer) -> Call:
    """Post an action of the standard API: `call("status", order=1)`."""

    def post(action: str, *, key: str = "sandbox-key", headers: dict[str, str] | None = None, **fields: Any):
        form = {"key": key, "action": action, **fields}
        return requests.post(f"{sandbox.url}/standard/api/v2", data=form, headers=headers, timeout=10)

    return post


@pytest.fixture
def add(call: Call) -> Call:
    """Add 100 of service 1 to a link: `add("https://example.com/partial")`."""

    def post(target: str, **fields: Any) -> requests.Response:
        return call("add", **({"service": 1, "quantity": 100, "link": target} | fields))

    return post
