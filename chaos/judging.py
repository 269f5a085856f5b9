"""The verdict on orders: what customers were told, what the panel has, and what the upstreams got."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chaos.record import ACCEPTED, REFUSED, Facts
from chaos.results import Row, count_row

FINAL = ("completed", "partial", "canceled", "error")


@dataclass
class Orders:
    """The orders of a run, found by what they have in common everywhere: their links."""

    facts: Facts
    wishes: list[dict[str, Any]] = field(init=False)

    def __post_init__(self):
        self.wishes = self.facts["wishes"]["orders"]

    @cached_property
    def by_id(self) -> dict[int, dict[str, Any]]:
        """The panel's orders."""
        return {row["id"]: row for row in self.facts["orders"]}

    @cached_property
    def placed(self) -> dict[str, list[dict[str, Any]]]:
        """What customers placed, by link; parts of orders are not among it."""
        return _group(self.facts["orders"], lambda row: row["link"], lambda row: row["parent"] is None)

    @cached_property
    def parts(self) -> dict[int, list[dict[str, Any]]]:
        """The parts of orders in parts, by order."""
        return _group(self.facts["orders"], lambda row: row["parent"], lambda row: row["parent"] is not None)

    @cached_property
    def upstream(self) -> dict[str, list[dict[str, Any]]]:
        """What the upstreams made, by link."""
        return _group(self.facts["upstream"], lambda row: row["link"])

    @cached_property
    def accepted(self) -> dict[int, dict[str, Any]]:
        """The dispatch by which each order was accepted."""
        return {row["order"]: row for row in self.facts["dispatches"] if row["state"] == "accepted"}

    def find_upstream(self, order_id: int) -> dict[str, Any] | None:
        """The upstream's order that the panel follows for one of its own, if the upstream knows it by that id."""
        dispatch = self.accepted.get(order_id)
        if dispatch is None:
            return None
        rows = self.upstream.get(self.by_id[order_id]["link"], ())
        known = (str(dispatch["upstream_id"]),)
        return next((row for row in rows if str(row["order"]) in known or row["tracking_id"] in known), None)


def judge_orders(orders: Orders) -> list[Row]:
    """The rows about orders, but for money."""
    told = Counter(wish["api"] for wish in orders.wishes if orders.placed.get(wish["link"]))
    taken = Counter(row["upstream"] for row in orders.accepted.values())
    unclear = [row for row in orders.facts["dispatches"] if row["state"] == "unclear"]
    left = [row for row in unclear if not row["honours"]]
    return [
        Row("orders placed", told.total(), notes=[_list_counts(told)]),
        Row("orders accepted upstream", taken.total(), notes=[_list_counts(taken)]),
        count_row("orders doubled", find_doubled(orders)),
        count_row("orders lost", find_lost(orders)),
        count_row("orders told otherwise than done", find_misled(orders)),
        count_row(
            "unclear where the upstream knows our key",
            [_describe_unclear(orders, row) for row in unclear if row["honours"]],
        ),
        Row("unclear, left for a person", len(left), notes=[_describe_unclear(orders, row) for row in left]),
        Row(
            "providers paused, resumed by a person", len(orders.facts["paused"]), notes=orders.facts["paused"]
        ),
        count_row("not at their end", orders.facts["open"]),
        count_row("events set aside", orders.facts["set_aside"]),
    ]


def find_doubled(orders: Orders) -> list[str]:
    """Wishes that became two orders, here or upstream; upstream orders followed twice, or wanted by nobody."""
    faults = []
    for wish in orders.wishes:
        placed = orders.placed.get(wish["link"], [])
        if len(placed) > 1:
            faults.append(f"{wish['link']} was placed {len(placed)} times: {[row['id'] for row in placed]}")
        wanted = sum(len(orders.parts.get(row["id"], [])) for row in placed) if wish["runs"] > 1 else 1
        there = len(orders.upstream.get(wish["link"], []))
        if there > wanted:
            faults.append(f"{wish['link']} was made upstream {there} times, not {wanted}")
    known = {wish["link"] for wish in orders.wishes}
    faults += [f"{link} was made upstream and asked for by nobody" for link in orders.upstream.keys() - known]
    followed = Counter((row["upstream"], row["upstream_id"]) for row in orders.accepted.values())
    return faults + [
        f"{times} orders follow {name} {pk}" for (name, pk), times in followed.items() if times > 1
    ]


def find_lost(orders: Orders) -> list[str]:
    """Orders that somebody was told of and that aren't there, here or upstream."""
    faults = []
    for wish in orders.wishes:
        if wish["outcome"] != ACCEPTED:
            continue
        row = orders.by_id.get(wish["order_id"])
        if row is None or (row["link"], row["customer"]) != (wish["link"], wish["customer"]):
            faults.append(f"{wish['link']} was told as order {wish['order_id']}, which is not there")
    for order_id, dispatch in orders.accepted.items():
        if orders.find_upstream(order_id) is None:
            faults.append(
                f"order {order_id} is {dispatch['upstream_id']} at {dispatch['upstream']}, which has no such one"
            )
    for row in orders.facts["orders"]:
        done = row["status"] in ("completed", "partial") and row["id"] not in orders.parts
        if done and row["id"] not in orders.accepted:
            faults.append(f"order {row['id']} is {row['status']}, but no upstream took it")
    return faults


def find_misled(orders: Orders) -> list[str]:
    """Answers that didn't tell what was done: another one to the same key, a refusal of what was placed."""
    faults = [f"{wish['link']} was answered in two ways" for wish in orders.wishes if wish["differed"]]
    for wish in orders.wishes:
        if wish["outcome"] == REFUSED and orders.placed.get(wish["link"]):
            faults.append(f"{wish['link']} was refused ({wish['words']}) and placed")
    # An order that ended without an upstream gave its money back: an upstream must not have it.
    for row in orders.facts["orders"]:
        ended = row["status"] in ("canceled", "error") and row["id"] not in orders.accepted
        if (
            ended
            and row["parent"] is None
            and row["id"] not in orders.parts
            and orders.upstream.get(row["link"])
        ):
            faults.append(f"order {row['id']} is {row['status']} and paid back, yet made upstream")
    return faults


def _describe_unclear(orders: Orders, row: dict[str, Any]) -> str:
    link = orders.by_id[row["order"]]["link"]
    there = orders.upstream.get(link)
    says = f"has it as {there[0]['order']}" if there else "has no such order"
    return f"order {row['order']} at {row['upstream']}, which {says}: {row['reason']}"


def _list_counts(counts: Counter) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))


def _group(
    rows: list[dict[str, Any]], key: Any, fits: Any = lambda row: True
) -> dict[Any, list[dict[str, Any]]]:
    groups = defaultdict(list)
    for row in rows:
        if fits(row):
            groups[key(row)].append(row)
    return dict(groups)
