"""Deciding about prices that wait: each is approved or rejected once."""

from django.db import transaction
from django.utils import timezone

from orders.catalogue_changes import ServiceChange, change_services, lock_services
from providers.models import PriceProposal, Route
from providers.sync.following import find_pricing_route, is_below_cost, review_service


class NotWaiting(Exception):
    """Somebody decided about it, or a newer cost has made it outdated."""


class BelowCost(Exception):
    """The cost has risen above the proposed price; the next pass makes another proposal."""


def approve_price(proposal_id, by):
    """Give the service the proposed price; one paused for its cost goes on. Raises NotWaiting, BelowCost.

    `by` is the operator's name.
    """
    with transaction.atomic():
        proposal, service = _lock(proposal_id)
        routes = Route.objects.filter(service=service).select_related("provider").order_by("priority", "id")
        route = find_pricing_route(service, list(routes))
        if route and is_below_cost(proposal.price, route):
            raise BelowCost
        _decide(proposal, PriceProposal.State.APPROVED, by)
        change_services([ServiceChange(service, {"price": proposal.price}, "approved")])
        review_service(service.pk)


def reject_price(proposal_id, by):
    """Keep the price as it is. A service whose cost is above it stays paused. Raises NotWaiting."""
    with transaction.atomic():
        proposal, _service = _lock(proposal_id)
        _decide(proposal, PriceProposal.State.REJECTED, by)


def _lock(proposal_id):
    """(proposal, service), both locked, the service first as the sync does."""
    proposal = PriceProposal.objects.get(pk=proposal_id)
    service = lock_services([proposal.service_id])[proposal.service_id]
    waiting = PriceProposal.objects.select_for_update().filter(
        pk=proposal_id, state=PriceProposal.State.WAITING
    )
    proposal = waiting.first()
    if proposal is None:
        raise NotWaiting
    return proposal, service


def _decide(proposal, state, by):
    proposal.state, proposal.decided_at, proposal.decided_by = state, timezone.now(), by[:150]
    proposal.save(update_fields=["state", "decided_at", "decided_by"])
