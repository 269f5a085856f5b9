"""Mobile numbers in any usual spelling."""

import phonenumbers

from panel.lib.dates import to_latin_digits

REGION = "IR"


def parse_mobile(text):
    """The number as E.164 (`+989123456789`), from any usual Iranian spelling, Persian digits included.

    Raises ValueError when it is no possible mobile number.
    """
    try:
        number = phonenumbers.parse(to_latin_digits(text.strip()), REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in kinds:
        raise ValueError("not a mobile number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_mobile(e164):
    """The number as people write it: `09123456789` for an Iranian one, E.164 for any other."""
    return "0" + e164[3:] if e164.startswith("+98") else e164
