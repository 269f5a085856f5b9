"""The table and the JSON of the bench."""

import json

import pytest

from bench.__main__ import ROW_NAMES
from bench.results import Result, format_table, write_results
from bench.rows import ROWS
from bench.run import Pairs, take_pairs


@pytest.mark.parametrize(
    ("measured", "target", "at_most", "verdict"),
    [
        (0.40, 0.40, False, "pass"),
        (0.39, 0.40, False, "MISS"),
        (1_100, 1_100, True, "pass"),
        (1_101, 1_100, True, "MISS"),
        (5, None, False, "info"),
        (None, None, False, "MISS"),
    ],
)
def test_verdict(measured, target, at_most, verdict):
    assert Result("row", "what", measured, target, at_most).verdict == verdict


def test_the_table_lines_up_and_shows_notes():
    results = [
        Result("add", "add ÷ pgbench", 0.4512, 0.40, unit=" ×", note="900 orders/s beside 2,000 tps"),
        Result("poll", "calls", 1_200, 1_100, at_most=True),
        Result("forward", "forwarding", None, note="not measured: the worker died"),
    ]
    assert format_table(results).splitlines() == [
        "row      what           target    measured",
        "───────  ─────────────  ────────  ────────  ────",
        "add      add ÷ pgbench  ≥ 0.40 ×  0.45 ×    pass",
        "         900 orders/s beside 2,000 tps",
        "poll     calls          ≤ 1,100   1,200     MISS",
        "forward  forwarding               –         MISS",
        "         not measured: the worker died",
    ]


def test_the_json_holds_every_number(tmp_path):
    path = tmp_path / "results.json"
    write_results(path, [Result("add", "what", 0.5, 0.4, facts={"ours": [1.0]})], postgres="18.0")
    content = json.loads(path.read_text())
    assert content["machine"]["postgresql"] == "18.0"
    assert content["results"] == [
        {
            "row": "add",
            "what": "what",
            "measured": 0.5,
            "target": 0.4,
            "at_most": False,
            "unit": "",
            "note": "",
            "facts": {"ours": [1.0]},
            "verdict": "pass",
        }
    ]


def test_pairs_are_taken_in_turns():
    order = []
    pairs = take_pairs(lambda: order.append("ours") or 1.0, lambda: order.append("theirs") or 2.0)
    assert order == ["ours", "theirs"] * 3
    assert (pairs.ours, pairs.theirs) == ([1.0] * 3, [2.0] * 3)


def test_the_ratio_is_the_median_of_the_pairs_and_not_of_the_sides():
    assert Pairs([10.0, 20.0, 90.0], [10.0, 40.0, 30.0]).ratio == 1.0


def test_every_row_on_the_command_line_exists_in_that_order():
    assert list(ROWS) == list(ROW_NAMES)
