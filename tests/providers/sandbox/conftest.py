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


@pytest.fixture
def control(sandbox: SandboxServer) -> Call:
    """Ask `/control/…`, by POST where there is a body: `control("settings", {"pace": 1})`."""

    def ask(path: str, body: Any = None) -> requests.Response:
        url = f"{sandbox.url}/control/{path}"
        return requests.get(url, timeout=10) if body is None else requests.post(url, json=body, timeout=10)

    return ask


@pytest.fixture
def gray_city(sandbox: SandboxServer) -> Call:
    """Call gray-city: `gray_city("GET", "api/v2/user/info/")`; `json` and `params` as in requests."""

    def ask(method: str, path: str, key: str | None = "sandbox-key", timeout: float = 10, **options: Any):
        headers = {} if key is None else {"Authorization": f"Token {key}"}
        url = f"{sandbox.url}/gray_city/{path}"
        return requests.request(method, url, headers=headers, timeout=timeout, **options)

    return ask


@pytest.fixture
def happy_follower(sandbox: SandboxServer) -> Call:
    """Call happy-follower: `happy_follower("GET", "credit/", token)`."""

    def ask(method: str, path: str, token: str | None = None, timeout: float = 10, **options: Any):
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        url = f"{sandbox.url}/happy_follower/api/v1/{path}"
        return requests.request(method, url, timeout=timeout, **({"headers": headers} | options))

    return ask


@pytest.fixture
def token(happy_follower: Call) -> str:
    """A fresh token of happy-follower for `sandbox-key`."""
    return happy_follower("GET", "auth", "sandbox-key").json()["token"]


@pytest.fixture
def panel_app(sandbox: SandboxServer) -> Call:
    """Call panel-app: `panel_app("GET", "user")`; `json`, `data` and `headers` as in requests."""

    def ask(method: str, path: str, key: str | None = "sandbox-key", timeout: float = 10, **options: Any):
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        url = f"{sandbox.url}/panel_app/api/v1/{path}"
        headers |= options.pop("headers", {})
        return requests.request(method, url, headers=headers, timeout=timeout, **options)

    return ask


@pytest.fixture
def gateway(sandbox: SandboxServer) -> Call:
    """Call the REST SMS gateway: `gateway("GET", "my/credit")`; `json` and `params` as in requests."""

    def ask(
        method: str, path: str, headers: dict[str, str] | None = None, timeout: float = 10, **options: Any
    ) -> requests.Response:
        headers = {"token": "sandbox-sms-token"} if headers is None else headers
        url = f"{sandbox.url}/sms/api/v1/rest/{path}"
        return requests.request(method, url, headers=headers, timeout=timeout, **options)

    return ask


@pytest.fixture
def send(gateway: Call) -> Call:
    """Send a text through the REST SMS gateway: `send("09121234567", message="x")`."""

    def post(*recipients: str, path: str = "sms/send", **fields: Any) -> requests.Response:
        body = {"from": "3000", "recipients": list(recipients), "message": "سلام", "type": 0}
        return gateway("POST", path, json=body | fields)

    return post


@pytest.fixture
def kavenegar(sandbox: SandboxServer) -> Call:
    """Call Kavenegar: `kavenegar("sms/send", receptor="0912…", message="x")`."""

    def ask(
        method: str, key: str = "sandbox-kavenegar-key", timeout: float = 10, **fields: Any
    ) -> requests.Response:
        url = f"{sandbox.url}/kavenegar/v1/{key}/{method}.json"
        return requests.post(url, data=fields, timeout=timeout)

    return ask
