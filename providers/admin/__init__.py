"""The admin pages of providers, routes and dispatches, and the work list of unclear ones."""

from providers.admin import (
    dispatches,
    health,
    providers,
    remains,
    routes,
    sync_import,
    sync_lists,
    sync_prices,
)

__all__ = [
    "dispatches",
    "health",
    "providers",
    "remains",
    "routes",
    "sync_import",
    "sync_lists",
    "sync_prices",
]
