"""The verdict on texts: the panel's messages held against what arrived at the gateways."""

from collections import Counter, defaultdict

from chaos.record import ACCEPTED, Facts
from chaos.results import Row, count_row

OUT = ("sent", "delivered", "undelivered")


def judge_texts(facts: Facts) -> list[Row]:
    """The rows about SMS."""
    states = Counter(row["state"] for row in facts["messages"])
    unclear = [f"to {row['to']}: {row['error']}" for row in facts["messages"] if row["state"] == "unclear"]
    return [
        Row(
            "messages",
            states.total(),
            notes=[", ".join(f"{name} {count}" for name, count in sorted(states.items()))],
        ),
        count_row("messages doubled", find_doubled(facts)),
        count_row("messages lost", find_lost(facts)),
        Row("messages unclear, left for a person", len(unclear), notes=unclear),
    ]


def find_doubled(facts: Facts) -> list[str]:
    """Texts that arrived more often than there are messages that may have been sent."""
    may, arrived = Counter(), _count_arrived(facts)
    for row in facts["messages"]:
        may[_name(row)] += row["state"] in (*OUT, "unclear")
    return [
        f"{mobile} got {times} × {text[:40]!r}, not {may[mobile, text]}"
        for (mobile, text), times in arrived.items()
        if times > may[mobile, text]
    ]


def find_lost(facts: Facts) -> list[str]:
    """Messages that are told as sent and did not arrive; sends without their messages."""
    sent, arrived = (
        Counter(_name(row) for row in facts["messages"] if row["state"] in OUT),
        _count_arrived(facts),
    )
    faults = [
        f"{mobile} got {arrived[mobile, text]} × {text[:40]!r}, not {times}"
        for (mobile, text), times in sent.items()
        if arrived[mobile, text] < times
    ]
    numbers = defaultdict(int)
    for row in facts["messages"]:
        numbers[row["send"]] += 1
    for wish in facts["wishes"]["texts"]:
        if wish["outcome"] == ACCEPTED and numbers[wish["send_id"]] != len(wish["recipients"]):
            faults.append(
                f"send {wish['send_id']} has {numbers[wish['send_id']]} messages, not {len(wish['recipients'])}"
            )
    return faults


def _count_arrived(facts: Facts) -> Counter:
    return Counter({(row["mobile"], row["message"]): row["times"] for row in facts["arrived"]})


def _name(row: dict) -> tuple[str, str]:
    """A message's number in the gateways' spelling, and its text."""
    return row["to"].replace("+98", "0", 1), row["text"]
