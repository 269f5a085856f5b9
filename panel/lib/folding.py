"""Text as it is compared when people search: spellings of one word are one, in Persian and Latin letters."""

import unicodedata

# Arabic letters that Persian keyboards and fonts mix with their own, and digits of both scripts.
_SAME = dict(zip("يىئكةۀأإآٱؤ۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "یییکههااااو01234567890123456789", strict=True))
# What joins, parts or stretches letters, and marks above and below them: a word is found with or without.
_NOTHING = [0x200B, 0x200C, 0x200D, 0x0640, *range(0x0300, 0x0370), *range(0x064B, 0x0660), 0x0670]
_SPELLINGS = str.maketrans(_SAME) | dict.fromkeys(_NOTHING)


def fold_text(text):
    """`text` in lower case, without diacritics and joiners; letters that are typed in several ways are one."""
    text = text.translate(_SPELLINGS)
    if not unicodedata.is_normalized("NFKD", text):
        text = unicodedata.normalize("NFKD", text).translate(_SPELLINGS)
    return text.casefold()
