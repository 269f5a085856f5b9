"""The admin pages of providers, routes and dispatches, and the work list of unclear ones."""

from providers.admin import dispatches, providers, routes

__all__ = ["dispatches", "providers", "routes"]
