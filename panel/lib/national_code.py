"""Iranian national codes."""

from panel.lib.dates import to_latin_digits

DIGITS = 10
SHORTEST = 8  # spreadsheets and numbers lose up to two leading zeros


def parse_national_code(text):
    """The ten digits of a national code, Persian ones too. Raises ValueError when its check digit is another."""
    code = to_latin_digits(text.strip())
    if not (code.isascii() and code.isdigit() and SHORTEST <= len(code) <= DIGITS):
        raise ValueError("not ten digits")
    code = code.zfill(DIGITS)
    rest = sum(int(digit) * weight for digit, weight in zip(code, range(DIGITS, 1, -1), strict=False)) % 11
    if len(set(code)) == 1 or int(code[-1]) != (rest if rest < 2 else 11 - rest):
        raise ValueError("no national code")
    return code
