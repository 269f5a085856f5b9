"""What of forwarding is about a person: upstreams' answers may repeat a link."""

from panel.lib.personal import Personal, add_impersonal, add_personal

PARTS = (
    Personal(
        "providers.Dispatch",
        owners=("order__customer",),
        wiped={"excerpt": "", "reason": ""},
        # The upstream's and our own numbers, its word for the status, and who of the staff settled it.
        kept=("upstream_service", "idempotency_key", "upstream_id", "raw_status", "resolved_by"),
    ),
)


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_impersonal("sums", "providers.ProviderDay", "providers.RouteHealth")
    add_impersonal(
        "providers, their lists and our prices",
        *("providers.PriceRun", "providers.PriceRunRow", "providers.ImportRule", "providers.UpstreamListing"),
        *(
            "providers.ProviderSync",
            "providers.SyncedService",
            "providers.PriceProposal",
            "providers.Provider",
        ),
        *("providers.Route",),
    )
    add_impersonal("numbers of orders, and why a provider did not take them", "providers.ProviderEvent")
