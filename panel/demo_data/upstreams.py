"""The demo's providers, both played by the sandbox."""

from django.conf import settings

from panel.demo_data.catalogue import list_service_words, list_upstream_services
from providers.models import Provider, Route

MAIN, BACKUP = "Sandbox", "Sandbox backup"
KEYS = {MAIN: "sandbox-key", BACKUP: "sandbox-backup"}
BACKUP_PRIORITY = 20


def load_upstreams():
    """Store the providers and routes that are missing; the sandbox's address is put right each time."""
    main, backup = (_load_provider(name) for name in (MAIN, BACKUP))
    upstream = list_upstream_services()
    routes = [Route(service_id=pk, provider=main, upstream_service=there) for pk, there in upstream.items()]
    default = list_service_words()["default"]
    routes.append(
        Route(
            service_id=default, provider=backup, upstream_service=upstream[default], priority=BACKUP_PRIORITY
        )
    )
    Route.objects.bulk_create(routes, ignore_conflicts=True)


def _load_provider(name):
    url = f"{settings.SANDBOX_URL.rstrip('/')}/standard/api/v2"
    made = {
        "dialect": "standard",
        "key": KEYS[name],
        "currency": "IRT",
        "rate": 1,
        "honours_idempotency_key": True,
    }
    provider, _ = Provider.objects.update_or_create(
        name=name, defaults={"url": url}, create_defaults={"url": url, **made}
    )
    return provider
