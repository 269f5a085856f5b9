"""Where a chaos run takes place: who plays whom, at which gates, and the environment of the panel's processes."""

import os
from dataclasses import dataclass

from panel.demo.surroundings import Addresses, build_environment
from panel.engines import ports


@dataclass(frozen=True, slots=True)
class Upstream:
    """One provider of the run, played by the sandbox; `honours` whether it knows our Idempotency-Key."""

    name: str
    dialect: str
    path: str
    key: str
    honours: bool


UPSTREAMS = (
    Upstream("standard", "standard", "/standard/api/v2", "sandbox-standard", True),
    Upstream("standard-deaf", "standard", "/standard/api/v2", "sandbox-standard-noidem", False),
    Upstream("gray-city", "gray_city", "/gray_city", "sandbox-gray", False),
    Upstream("happy-follower", "happy_follower", "/happy_follower/api/v1", "sandbox-happy", False),
    Upstream("panel-app", "panel_app", "/panel_app/api/v1", "sandbox-panel", True),
    Upstream("panel-app-deaf", "panel_app", "/panel_app/api/v1", "sandbox-panel-noidem", False),
)
SMS_REST, KAVENEGAR, BANK, INSTAGRAM, BAZAAR = "sms-rest", "kavenegar", "bank", "instagram", "bazaar"
GATES = (*(upstream.name for upstream in UPSTREAMS), SMS_REST, KAVENEGAR, BANK, INSTAGRAM, BAZAAR)

# Seconds where a shop has minutes; what the code fixes is a tenth (WAIT_SCALE). panel.E006 holds for the lease.
PACE = {
    "WAIT_SCALE": "0.1",
    "SWEEP_SECONDS": "1",
    "POLL_FIRST_SECONDS": "1",
    "POLL_MAX_SECONDS": "3",
    "PROVIDER_CONNECT_SECONDS": "1",
    "PROVIDER_DEADLINE_SECONDS": "2",
    "DISPATCH_LEASE_SECONDS": "17",
    "BREAKER_RESET_SECONDS": "3",
    "ROUTE_REST_SECONDS": "5",
    "ROUTE_REST_MAX_SECONDS": "30",
    "PAYMENT_DEADLINE_SECONDS": "2",
    "LIKE_CHECK_SECONDS": "2",
    "BAZAAR_SECONDS": "2",
    "SMS_PENDING_STATUS_SECONDS": "2",
    "ACCESS_TOKEN_SECONDS": "20",
    "API_CALLS_PER_MINUTE": "0:100000",
    "PAYMENTS_PER_HOUR": "100000",
    "LIKE_RECHECK_PERCENT": "0",
    "LOG_LEVEL": "INFO",
}


def build_chaos_environment(
    web_port: int, sandbox_port: int, gates: dict[str, int], database_url: str, redis_url: str
) -> dict[str, str]:
    """The environment of the panel's processes: as the demo's, with every neighbour behind its gate's port."""
    addresses = Addresses(web_port, sandbox_port)
    at = {name: f"http://{ports.HOST}:{port}" for name, port in gates.items()}
    return build_environment(addresses) | {
        **PACE,
        "DJANGO_SETTINGS_MODULE": "panel.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "BROKER_URL": redis_url,
        "ZARINPAL_URL": f"{at[BANK]}/bank",
        "INSTAGRAM_API_URL": f"{at[INSTAGRAM]}/instagram/v1",
        "BAZAAR_URL": f"{at[BAZAAR]}/bazaar/devapi/v2/api",
        "PATH": os.environ.get("PATH", os.defpath),
    }
