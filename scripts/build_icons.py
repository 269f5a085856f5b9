"""Copies the icons the templates use out of an unpacked `lucide-static` package into one sprite.

Run `python scripts/build_icons.py PACKAGE_FOLDER` after adding a name to ICONS.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).resolve().parent.parent / "static/vendor/lucide/1.62.0/sprite.svg"
ICONS = [
    "activity",
    "arrow-down",
    "arrow-down-left",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrow-up-right",
    "badge-check",
    "badge-percent",
    "ban",
    "bell",
    "book-open",
    "book-user",
    "braces",
    "calendar-clock",
    "chart-column",
    "chart-pie",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-alert",
    "circle-check",
    "circle-dot",
    "circle-help",
    "circle-user-round",
    "circle-x",
    "clipboard-list",
    "clock",
    "coins",
    "copy",
    "credit-card",
    "download",
    "external-link",
    "eye",
    "eye-off",
    "file-down",
    "file-spreadsheet",
    "file-text",
    "file-up",
    "flag",
    "funnel",
    "gauge",
    "gift",
    "globe",
    "grip-vertical",
    "headphones",
    "heart",
    "history",
    "hourglass",
    "house",
    "image",
    "inbox",
    "info",
    "key",
    "laptop",
    "layers",
    "life-buoy",
    "lightbulb",
    "link",
    "list",
    "list-plus",
    "loader",
    "lock",
    "log-in",
    "log-out",
    "mail",
    "megaphone",
    "menu",
    "message-square-text",
    "messages-square",
    "monitor",
    "moon",
    "pause",
    "pencil",
    "percent",
    "play",
    "plus",
    "power",
    "receipt",
    "refresh-cw",
    "repeat",
    "rocket",
    "rotate-ccw",
    "scroll-text",
    "search",
    "send",
    "server",
    "settings",
    "shield-check",
    "shopping-bag",
    "shopping-cart",
    "skip-forward",
    "smartphone",
    "sparkles",
    "square-plus",
    "star",
    "sun",
    "tag",
    "ticket",
    "trash-2",
    "trending-up",
    "triangle-alert",
    "undo-2",
    "user",
    "user-plus",
    "users",
    "wallet",
    "webhook",
    "x",
    "zap",
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
