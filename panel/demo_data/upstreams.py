"""The demo's providers: one of each dialect and a backup, played by the sandbox, and our own like exchange."""

from dataclasses import dataclass

from campaigns.provider import LikeExchangeAdapter
from panel.demo_data.catalogue import list_service_words, list_upstream_services
from providers.models import Provider, Route

BACKUP_PRIORITY = 20


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A provider of the demo; `path` is where the sandbox speaks its dialect, or a whole address."""

    name: str
    dialect: str
    path: str
    key: str
    honours_idempotency_key: bool = False


MAIN = DemoProvider("Sandbox", "standard", "/standard/api/v2", "sandbox-key", True)
BACKUP = DemoProvider("Sandbox backup", "standard", "/standard/api/v2", "sandbox-backup", True)
GRAY_CITY = DemoProvider("Sandbox gray-city", "gray_city", "/gray_city", "sandbox-gray")
HAPPY_FOLLOWER = DemoProvider(
    "Sandbox happy-follower", "happy_follower", "/happy_follower/api/v1", "sandbox-happy"
)
PANEL_APP = DemoProvider("Sandbox panel-app", "panel_app", "/panel_app/api/v1", "sandbox-panel")
EXCHANGE = DemoProvider(
    "Like exchange", LikeExchangeAdapter.dialect, LikeExchangeAdapter.own_address, "", True
)
PROVIDERS = (MAIN, BACKUP, GRAY_CITY, HAPPY_FOLLOWER, PANEL_APP, EXCHANGE)


def load_upstreams(sandbox_url):
    """Store the providers and routes that are missing; the sandbox's address is put right each time."""
    rows = {provider: _load_provider(provider, sandbox_url) for provider in PROVIDERS}
    main = {provider.dialect: rows[provider] for provider in (MAIN, GRAY_CITY, EXCHANGE)}
    upstream, words = list_upstream_services(), list_service_words()
    routes = [
        Route(service_id=pk, provider=main[dialect], upstream_service=there)
        for pk, (dialect, there) in upstream.items()
    ]
    for provider, word in ((BACKUP, "default"), (HAPPY_FOLLOWER, "like"), (PANEL_APP, "view")):
        pk = words[word]
        backup = {"provider": rows[provider], "upstream_service": upstream[pk][1]}
        routes.append(Route(service_id=pk, priority=BACKUP_PRIORITY, **backup))
    Route.objects.bulk_create(routes, ignore_conflicts=True)


def _load_provider(provider, sandbox_url):
    in_sandbox = provider.path.startswith("/")
    url = f"{sandbox_url.rstrip('/')}{provider.path}" if in_sandbox else provider.path
    made = {
        "dialect": provider.dialect,
        "key": provider.key,
        "currency": "IRT",
        "rate": 1,
        "honours_idempotency_key": provider.honours_idempotency_key,
    }
    row, _ = Provider.objects.update_or_create(
        name=provider.name, defaults={"url": url}, create_defaults={"url": url, **made}
    )
    return row
