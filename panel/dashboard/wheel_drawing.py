"""The wheel as a picture: slices as wide as their odds, and how far it turns to the one that was won."""

from dataclasses import dataclass
from math import cos, radians, sin

RADIUS = 48  # in a picture of 100 by 100 whose middle is 0, 0
TONES = 6


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice: the text of its path (empty for the whole circle), its colour, and the turn that brings it to the top.

    `turn` is degrees clockwise, as text that is the same in every language.
    """

    outline: str
    tone: int
    turn: str


def draw_slices(all_odds):
    """The slices of a wheel with these Odds, in their order, from the top clockwise."""
    slices, start = [], 0.0
    for place, odds in enumerate(all_odds):
        width = 360 * odds.weight / odds.total
        outline = _outline(start, width) if len(all_odds) > 1 else ""
        slices.append(Slice(outline, place % TONES, f"{360 - start - width / 2:.2f}"))
        start += width
    return slices


def _outline(start, width):
    large = int(width > 180)
    begin, end = _find_point(start), _find_point(start + width)
    return f"M0 0L{begin}A{RADIUS} {RADIUS} 0 {large} 1 {end}Z"


def _find_point(degrees):
    """The point of the rim at that angle from the top, clockwise."""
    angle = radians(degrees - 90)
    return f"{RADIUS * cos(angle):.2f} {RADIUS * sin(angle):.2f}"
