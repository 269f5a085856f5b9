"""Upstream dialects: each adapter translates, none decides. To add one, see docs/adding-a-provider.md."""

from providers.adapters.gray_city import GrayCityAdapter
from providers.adapters.happy_follower import HappyFollowerAdapter
from providers.adapters.panel_app import PanelAppAdapter
from providers.adapters.standard import StandardAdapter

ADAPTERS = {
    adapter.dialect: adapter
    for adapter in (StandardAdapter, GrayCityAdapter, HappyFollowerAdapter, PanelAppAdapter)
}


def register(dialect, adapter_class):
    """Adds an adapter from an application above this one, at start-up. Raises ValueError for a taken name."""
    if ADAPTERS.setdefault(dialect, adapter_class) is not adapter_class:
        raise ValueError(f"dialect {dialect!r} is registered already")
