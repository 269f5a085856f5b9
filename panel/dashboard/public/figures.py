"""The few numbers on the first page: each was measured, and none is shown where there was nothing to measure."""

from dataclasses import dataclass

from django.db.models import F, Sum

from orders.speeds import list_speeds
from panel.dashboard.catalogue import offered_services


@dataclass(frozen=True, slots=True)
class Figures:
    """Services on sale now; of the last day: completed orders, and seconds from placing to the start (or None)."""

    services: int
    finished: int
    start_seconds: int | None


def read_figures():
    """The Figures of this moment; no order is read."""
    sums = list_speeds().aggregate(
        ended=Sum("finished", default=0),
        begun=Sum("started", default=0),
        seconds=Sum(F("start_seconds") * F("started"), default=0),
    )
    average = round(sums["seconds"] / sums["begun"]) if sums["begun"] else None
    return Figures(offered_services().count(), sums["ended"], average)
