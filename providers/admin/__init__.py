"""The admin pages of providers, routes and dispatches, and the work list of unclear ones."""

from providers.admin import (
    days,
    dispatches,
    front,
    health,
    price_runs,
    providers,
    remains,
    routes,
    sync_import,
    sync_lists,
    sync_prices,
)

__all__ = [
    "days",
    "dispatches",
    "front",
    "health",
    "providers",
    "remains",
    "price_runs",
    "routes",
    "sync_import",
    "sync_lists",
    "sync_prices",
]
