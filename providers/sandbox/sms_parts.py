"""How many parts a text message has: what gateways charge by."""

LATIN_ONE, LATIN_MORE = 160, 153
OTHER_ONE, OTHER_MORE = 70, 67


def count_parts(text: str) -> int:
    """Parts of a text, at least 1: 160 characters, or 153 each beyond it; 70 and 67 when one isn't Latin.

    A character outside the basic plane (an emoji) takes the room of two.
    """
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    one, more = (LATIN_ONE, LATIN_MORE) if text.isascii() else (OTHER_ONE, OTHER_MORE)
    return 1 if length <= one else -(-length // more)
