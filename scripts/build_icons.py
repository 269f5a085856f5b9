"""Copies the icons the templates use out of an unpacked `lucide-static` package into one sprite.

Run `python scripts/build_icons.py PACKAGE_FOLDER` after adding a name to ICONS.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).resolve().parent.parent / "static/vendor/lucide/1.62.0/sprite.svg"
ICONS = [
    "arrow-down-left",
    "arrow-up-right",
    "ban",
    "bell",
    "book-open",
    "book-user",
    "braces",
    "calendar-clock",
    "chart-column",
    "check",
    "chevron-left",
    "chevron-right",
    "circle-alert",
    "circle-check",
    "circle-dot",
    "circle-x",
    "clock",
    "coins",
    "copy",
    "download",
    "external-link",
    "eye",
    "file-up",
    "flag",
    "gift",
    "heart",
    "house",
    "image",
    "inbox",
    "info",
    "key",
    "list",
    "loader",
    "log-out",
    "megaphone",
    "menu",
    "message-square-text",
    "messages-square",
    "monitor",
    "moon",
    "pause",
    "pencil",
    "play",
    "plus",
    "power",
    "rotate-ccw",
    "refresh-cw",
    "repeat",
    "search",
    "send",
    "shopping-bag",
    "skip-forward",
    "smartphone",
    "square-plus",
    "sun",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "wallet",
    "webhook",
    "x",
]


def read_symbol(folder, name):
    """The `<symbol>` of one icon; raises FileNotFoundError for a name the package does not have."""
    source = (folder / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", source, re.S)[1]
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(shapes.split())}</symbol>'


def main():
    folder = Path(sys.argv[1])
    symbols = "\n".join(read_symbol(folder, name) for name in ICONS)
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- lucide-static 1.62.0, ISC: see LICENSE -->\n'
    SPRITE.write_text(f"{sprite}{symbols}\n</svg>\n", encoding="utf-8")


if __name__ == "__main__":
    main()
