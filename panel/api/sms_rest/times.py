"""Times as this contract writes them: `YYYY-MM-DD HH:MM:SS`, Tehran time, Gregorian."""

from panel.lib.dates import TEHRAN


def format_time(moment):
    """An aware datetime as the contract writes it."""
    return f"{moment.astimezone(TEHRAN):%Y-%m-%d %H:%M:%S}"
