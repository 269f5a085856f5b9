"""Faults at random: seeded, by kind, and ended at will."""

from collections import Counter

import pytest

from providers.sandbox.chances import Chances
from providers.sandbox.faults import KINDS, NOT_CARRIED_OUT

LINK = "https://example.com/plain"


def draw(seed, calls=2_000, action="add", kinds=None):
    chances = Chances()
    chances.change(seed, kinds or {"reset": 0.1, "500": 0.2})
    return [chances.draw(action) for _ in range(calls)]


def test_a_seed_draws_the_same_and_another_one_something_else():
    assert draw(1) == draw(1)
    assert draw(1) != draw(2)
    assert draw(1, action="add") != draw(1, action="status")


def test_the_calls_of_one_action_do_not_change_the_fate_of_another():
    chances = Chances()
    chances.change(1, {"reset": 0.1, "500": 0.2})
    mixed = [(chances.draw("status"), chances.draw("add"))[1] for _ in range(500)]
    assert mixed == draw(1, calls=500)


def test_each_kind_comes_about_as_often_as_it_should():
    drawn = Counter(draw(3, calls=10_000))
    assert 800 <= drawn["reset"] <= 1_200
    assert 1_700 <= drawn["500"] <= 2_300
    assert drawn.total() == 10_000


def test_nothing_is_spoilt_without_probabilities(sandbox, add):
    assert [add(LINK).status_code for _ in range(20)] == [200] * 20


@pytest.mark.parametrize("kind", ["500", "before-500", "status", "429"])
def test_a_fault_that_is_sure_spoils_every_call(sandbox, add, control, kind):
    assert control("chances", {"seed": 1, "kinds": {kind: 1}}).json()["kinds"] == {kind: 1}
    status = {"500": 500, "before-500": 500, "status": 404, "429": 429}[kind]
    assert [add(LINK).status_code for _ in range(3)] == [status] * 3
    assert len(sandbox.orders()) == (0 if kind in NOT_CARRIED_OUT else 3)
    assert control("chances").json()["drawn"] == {kind: 3}
    assert control("chances", {"seed": 1, "kinds": {}}).status_code == 200
    assert add(LINK).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kinds": {"nonsense": 0.1}},
        {"kinds": {"500": -1}},
        {"kinds": {"500": 0.6, "reset": 0.6}},
        {"kinds": None},
    ]
    + [{"seed": 0, "kinds": {}}, {"kinds": {"500": True}}],
)
def test_chances_that_make_no_sense_change_nothing(control, body):
    assert control("chances", body).status_code == 400
    assert control("chances").json()["kinds"] == {}


def test_every_kind_can_be_drawn(control):
    kinds = dict.fromkeys(KINDS, 1 / (len(KINDS) + 1))
    assert control("chances", {"seed": 1, "kinds": kinds}).json()["kinds"] == kinds
