"""Whole numbers in words, as amounts are written on receipts, in Persian and English."""

LIMIT = 10**18  # from here on there are no words


def _list(words):
    return words.split(",")


_FA_ONES = _list(
    "صفر,یک,دو,سه,چهار,پنج,شش,هفت,هشت,نه,ده,یازده,دوازده,سیزده,چهارده,پانزده,شانزده,هفده,هجده,نوزده"
)
_FA_TENS = _list(",,بیست,سی,چهل,پنجاه,شصت,هفتاد,هشتاد,نود")
_FA_HUNDREDS = _list(",صد,دویست,سیصد,چهارصد,پانصد,ششصد,هفتصد,هشتصد,نهصد")
_FA_GROUPS = ("", "هزار", "میلیون", "میلیارد", "هزار میلیارد", "میلیون میلیارد")
_EN_ONES = _list(
    "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,"
    "seventeen,eighteen,nineteen"
)
_EN_TENS = _list(",,twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety")
_EN_GROUPS = ("", "thousand", "million", "billion", "trillion", "quadrillion")


def write_number(number, language):
    """`number` (0 up to LIMIT) in words of `language` (`fa`, else English). Raises ValueError for others."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"no words for {number}")
    group, names, joint = (_fa_group, _FA_GROUPS, " و ") if language == "fa" else (_en_group, _EN_GROUPS, " ")
    if number == 0:
        return group(0)
    parts = []
    for name in names:
        number, rest = divmod(number, 1000)
        if rest:
            # A thousand is «هزار», not «یک هزار».
            words = "" if name == "هزار" and rest == 1 and not number else group(rest)
            parts.append(f"{words} {name}".strip())
    return joint.join(reversed(parts))


def _fa_group(number):
    """A number below 1,000."""
    if number < 20:
        return _FA_ONES[number]
    hundreds, rest = divmod(number, 100)
    parts = [_FA_HUNDREDS[hundreds]] if hundreds else []
    if rest >= 20:
        parts.append(_FA_TENS[rest // 10])
        rest %= 10
    if rest:
        parts.append(_FA_ONES[rest])
    return " و ".join(parts)


def _en_group(number):
    if number < 20:
        return _EN_ONES[number]
    hundreds, rest = divmod(number, 100)
    parts = [f"{_EN_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        parts.append(_EN_TENS[tens] + (f"-{_EN_ONES[ones]}" if ones else ""))
    elif rest:
        parts.append(_EN_ONES[rest])
    return " ".join(parts)
