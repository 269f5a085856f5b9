"""Where a demo runs: its ports, its addresses and the environment of its processes."""

import os
import sys
from dataclasses import dataclass

from panel.engines import ports
from panel.engines.ports import HOST

LAST_PORT = 65535
# Quick enough to watch. Somebody who sets one of these keeps their own.
PACE = {
    "SWEEP_SECONDS": "1",
    "POLL_FIRST_SECONDS": "2",
    "POLL_MAX_SECONDS": "10",
    "PROVIDER_DEADLINE_SECONDS": "8",
    "DISPATCH_LEASE_SECONDS": "40",  # above twice connecting, the deadline and 5 seconds, as panel.E006 asks
    "SMS_PENDING_STATUS_SECONDS": "3",
    "STATS_SECONDS": "10",
    "POSTS_SECONDS": "10",
}


class DemoError(Exception):
    """The demo cannot run; the text is one line for people."""


@dataclass(frozen=True)
class Addresses:
    """The ports of the web process and of the sandbox, both on loopback."""

    port: int
    sandbox_port: int

    @property
    def url(self) -> str:
        """The panel's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The sandbox's address: upstream provider and SMS gateway in one."""
        return f"http://{HOST}:{self.sandbox_port}"


def read_port(text: str) -> int:
    """The port somebody asked for. Raises DemoError when it is none."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < LAST_PORT:
        raise DemoError(f"PORT={text} is not a port: choose a number from 1 to {LAST_PORT - 1}")
    return int(text)


def choose_addresses(port: int) -> Addresses:
    """The addresses of a demo on this port; the sandbox takes the next free one.

    Raises DemoError when the port is not ours to use.
    """
    if not ports.is_free(port):
        advice = f"choose another with PORT={port + 1 if port > 1023 else 8000} make demo"
        if port < 1024 and os.geteuid() != 0 and not ports.exchange(port, b""):
            raise DemoError(f"port {port} may be for root only: {advice}")
        raise DemoError(f"port {port} is in use: stop what uses it or {advice}")
    for sandbox_port in range(port + 1, LAST_PORT + 1):
        if ports.is_free(sandbox_port):
            return Addresses(port, sandbox_port)
    raise DemoError(f"no port above {port} is free for the sandbox: choose another with PORT=8000 make demo")


def build_environment(addresses: Addresses) -> dict[str, str]:
    """The environment of the demo's processes: the caller's, with everything outgoing sent to the sandbox."""
    return {
        **PACE,
        **os.environ,
        "DEBUG": "1",
        "PORT": str(addresses.port),
        "BASE_URL": addresses.url,
        "SANDBOX_URL": addresses.sandbox_url,
        "SMS_GATEWAY_URL": f"{addresses.sandbox_url}/sms/api/v1/rest",
        "APARAT_URL": f"{addresses.sandbox_url}/aparat",
        "SMS_GATEWAY_TOKEN": "sandbox-sms-token",
        "ZARINPAL_URL": f"{addresses.sandbox_url}/bank",
        "ZARINPAL_MERCHANT_ID": "sandbox-merchant-0000000000000000000",
        "INSTAGRAM_AUTHORIZE_URL": f"{addresses.sandbox_url}/instagram/oauth/authorize",
        "INSTAGRAM_TOKEN_URL": f"{addresses.sandbox_url}/instagram/oauth/access_token",
        "INSTAGRAM_API_URL": f"{addresses.sandbox_url}/instagram/v1",
        "INSTAGRAM_CLIENT_ID": "sandbox-client",
        "INSTAGRAM_CLIENT_SECRET": "sandbox-client-secret",
        "INSTAGRAM_APP_TOKEN": "sandbox-app-token",
        "BAZAAR_URL": f"{addresses.sandbox_url}/bazaar/devapi/v2/api",
        "BAZAAR_PACKAGE": "sandbox.panel",
        "BAZAAR_SECRET": "sandbox-bazaar-secret",
        "POSTS_URL": f"{addresses.sandbox_url}/posts",
        "POSTS_TOKEN": "",
        "EGRESS_ALLOW": "127.0.0.0/8",
        "PYTHONUNBUFFERED": "1",
    }


def list_commands(addresses: Addresses, state: str) -> dict[str, list[str]]:
    """The demo's processes in the order of their start: name → command."""
    python = sys.executable
    # Without the timeout a worker told to stop while it still imports keeps Ctrl-C waiting.
    web = "--interface wsgi --workers 2 --blocking-threads 3 --workers-kill-timeout 5"
    web_address = f"--host {HOST} --port {addresses.port}"
    return {
        "sandbox": [python, "manage.py", "sandbox", "--port", str(addresses.sandbox_port), "--state", state],
        "web": [python, "-m", "granian", *web.split(), *web_address.split(), "panel.wsgi:application"],
        "worker": [python, "-m", "celery", "-A", "panel", "worker", "-P", "threads", "-c", "8"]
        + ["-Q", "forward,poll,notify,default", "--without-gossip", "--without-mingle"],
        "beat": [python, "-m", "celery", "-A", "panel", "beat", "--pidfile="],
    }
