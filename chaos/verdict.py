"""The verdict on a run: all rows of its table, from its facts alone."""

from chaos.judging import Orders, judge_orders
from chaos.judging_money import judge_money
from chaos.judging_texts import judge_texts
from chaos.record import Facts
from chaos.results import Row

KINDS = ("worker", "beat", "web", "broker", "PostgreSQL", "neighbour", "clock")


def judge(facts: Facts) -> list[Row]:
    """The rows of the table."""
    orders = Orders(facts)
    rows = [*judge_orders(orders), *judge_money(orders), *judge_texts(facts)]
    rows += [_tell_recovery(kind, facts["recovery"]) for kind in KINDS]
    return [*rows, Row("seconds from the end of the load until all was quiet", facts["quiet_seconds"])]


def _tell_recovery(kind: str, recovery: list[dict]) -> Row:
    """The longest that forwarding took to go on after blows of a kind, in seconds."""
    rows = [row for row in recovery if row["kind"] == kind]
    measured = [row["seconds"] for row in rows if row["seconds"] is not None]
    what = f"recovery after {len(rows)} × {kind}: seconds until an order was taken"
    notes = [f"{row['what']}: no order came after it" for row in rows if row["seconds"] is None]
    return Row(what, float(max(measured, default=0.0)), notes=notes)
