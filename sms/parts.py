"""How many parts a text takes: what gateways charge by, and what our customers pay by.

Contract sms-gateway-rest: 160 Latin characters fit into one part, 70 of a text with any other letter; of a longer
text each part holds 153 or 67, for what joins them takes room as well.
"""

# The letters of GSM 03.38. Those of its second table are sent as two.
_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€\f")
_ASCII = map(chr, range(128))  # gateways send all of it as Latin, the backtick too
_LATIN = frozenset(_GSM) | _DOUBLE | frozenset(_ASCII)
LATIN_ONE, LATIN_MORE = 160, 153
OTHER_ONE, OTHER_MORE = 70, 67


def has_persian(text):
    """Whether any letter of the text is none of the Latin ones, so that a part holds 70 and not 160."""
    return not _LATIN.issuperset(text)


def count_units(text):
    """How much room the text takes: Latin letters, some of them counted as two, or UTF-16 units of any others."""
    if has_persian(text):
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text) + sum(letter in _DOUBLE for letter in text)


def count_parts(text):
    """The number of parts that the text is sent in; none for an empty one."""
    one, more = (OTHER_ONE, OTHER_MORE) if has_persian(text) else (LATIN_ONE, LATIN_MORE)
    units = count_units(text)
    if units <= one:
        return min(units, 1)
    return -(-units // more)
