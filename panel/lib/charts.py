"""Charts as rectangles that one template draws as SVG: colours by class, words beside it as HTML."""

from dataclasses import dataclass

WIDTH, HEIGHT = 600, 160  # of a chart of columns, in its own units
BAR_HEIGHT = 16  # of a single bar
GAP = 0.25  # of a column's room


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a chart. `tone` names its colour."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`parts` on a ground of `width` × `height`; `top` is the value that is as high as the ground."""

    width: int
    height: int
    parts: list[Part]
    top: int = 0


def draw_columns(columns):
    """The Chart of `[[(tone, value)]]`: a column each, from the bottom up."""
    top = max((sum(value for _, value in column) for column in columns), default=0)
    room = WIDTH / max(1, len(columns))
    parts = []
    for place, column in enumerate(columns):
        y = float(HEIGHT)
        for tone, value in column:
            if value:
                height = HEIGHT * value / top
                y -= height
                parts.append(_round(room * (place + GAP / 2), y, room * (1 - GAP), height, tone))
    return Chart(WIDTH, HEIGHT, parts, top)


def draw_groups(groups):
    """The Chart of `[[(tone, value)]]`: a group each, of columns side by side; a value below 0 draws nothing."""
    top = max((value for group in groups for _, value in group), default=0)
    room = WIDTH / max(1, len(groups))
    parts = []
    for place, group in enumerate(groups):
        width = room * (1 - GAP) / max(1, len(group))
        for number, (tone, value) in enumerate(group):
            if value > 0:
                height = HEIGHT * value / top
                x = room * (place + GAP / 2) + width * number
                parts.append(_round(x, HEIGHT - height, width, height, tone))
    return Chart(WIDTH, HEIGHT, parts, max(top, 0))


def draw_shares(shares):
    """The Chart of `[(tone, value)]`: one bar, divided."""
    total = sum(value for _, value in shares)
    parts, x = [], 0.0
    for tone, value in shares:
        if value:
            width = WIDTH * value / total
            parts.append(_round(x, 0, width, BAR_HEIGHT, tone))
            x += width
    return Chart(WIDTH, BAR_HEIGHT, parts)


def _round(x, y, width, height, tone):
    return Part(round(x, 2), round(y, 2), round(width, 2), round(height, 2), tone)
