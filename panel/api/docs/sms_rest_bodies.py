"""What clients of sms-gateway-rest send: the schema of each body, described in the active language."""

from django.conf import settings
from django.utils.translation import gettext as _

from panel.accounts.profiles import LONGEST_NAME, LONGEST_PASSWORD
from panel.api.docs.panel_app_shapes import build_list
from panel.api.sms_rest.phonebooks import MOST_NUMBERS
from sms.drafts import MAX_TEXT
from sms.models import Send
from sms.phonebooks import MAX_NAME
from sms.schedules import MAX_TIMES


def build_bodies():
    """The schemas of bodies by name."""
    return {
        "RegisterBody": _build_body(["username", "password", "repeatPassword"], **_list_person()),
        "SendBody": _build_body(["from", "recipients", "message"], **_list_letter(), type=_describe_type()),
        "FutureBody": _build_body(
            ["from", "recipients", "message", "sendDate"], **_list_letter(), **_list_time()
        ),
        "PatternBody": _build_body(
            ["from", "recipients", "message", "patternId"],
            **_list_letter() | {"message": _describe_values()},
            patternId=_number(_("The number of your pattern, which has to be approved.")),
            type=_describe_type(),
        ),
        "PhonebookBody": _build_body(
            ["from", "bookId", "message"],
            **_list_letter(),
            bookId=_number(
                _("The number of your phonebook. It and recipients get the text, each number once.")
            ),
            type=_describe_type(),
        ),
        "MultipleBody": _build_body(["fromArray", "recipients", "messageArray"], **_list_arrays()),
        "BookBody": _build_body(
            ["name"],
            name=_text(_("The name of the phonebook."), MAX_NAME, least=1),
            numbers=_describe_numbers(),
            flag=_describe_flag(),
        ),
        "NumbersBody": _build_body(["numbers"], numbers=_describe_numbers(), flag=_describe_flag()),
    }


def _build_body(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


def _text(description, most, least=0):
    return {"type": "string", "minLength": least, "maxLength": most, "description": description}


def _number(description):
    return {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": 2**63 - 1,
        "pattern": "^[0-9]{1,18}$",
        "description": description,
    }


def _describe_sender():
    return _text(_("The number that the text comes from, one of yours."), 20, least=1)


def _describe_recipients():
    words = _("Mobile numbers in any usual spelling, Persian digits too.")
    return build_list({"type": "string"}) | {"maxItems": settings.SMS_MAX_NUMBERS, "description": words}


def _list_letter():
    return {
        "from": _describe_sender(),
        "recipients": _describe_recipients(),
        "message": _text(_("The text."), MAX_TEXT, least=1),
    }


def _describe_type():
    return {
        "enum": [0, 1, "0", "1"],
        "type": ["integer", "string"],
        "description": _("1 for a flash message, else 0."),
    }


def _list_time():
    units = _("What lies between two sendings; empty for a text that is sent once.")
    return {
        "sendDate": _text(_("YYYY-MM-DD HH:MM:SS in Tehran time, Gregorian or Jalali."), 32, least=1),
        "prtrys": {"type": "string", "enum": ["", *Send.Unit.values], "description": units},
        "sentPeriod": {
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": MAX_TIMES,
            "pattern": "^[0-9]{0,4}$",
            "description": _("How many times it is sent in all; empty for once."),
        },
    }


def _describe_values():
    return {
        "type": "object",
        "additionalProperties": {"type": ["string", "integer"]},
        "description": _("The values of the pattern's variables by their names."),
    }


def _list_arrays():
    most = {"maxItems": settings.SMS_MAX_NUMBERS}
    return {
        "fromArray": build_list({"type": "string"})
        | most
        | {"description": _("A number to send from for each text.")},
        "recipients": build_list(build_list({"type": "string"}))
        | most
        | {"description": _("A list of mobile numbers for each text; a thousand numbers in all at most.")},
        "messageArray": build_list({"type": "string"}) | most | {"description": _("The texts.")},
        "typeArray": build_list({"type": "integer", "enum": [0, 1]})
        | most
        | {"description": _("1 for a flash message, else 0, for each text.")},
    }


def _describe_numbers():
    words = _("Mobile numbers in any usual spelling, Persian digits too.")
    return build_list({"type": "string"}) | {"maxItems": MOST_NUMBERS, "description": words}


def _describe_flag():
    words = _(
        "1 passes over numbers that are there already (or not, when deleting), 0 refuses them all. Without it: 1."
    )
    return {"enum": [0, 1, "0", "1"], "type": ["integer", "string"], "description": words}


def _list_person():
    words = {
        "name": _("The name of a company."),
        "melliCode": _("A national code, ten digits."),
        "shShenasname": _("The number of the birth certificate."),
        "postalCode": _("A postal code."),
        "phoneNumber": _("A phone number."),
        "email": _("An email that nobody else has."),
        "addres": _("An address; the name is spelled so."),
        "modir": _("The username of the manager, who has to be allowed to have users below."),
        "package": _("The name of a package of prices."),
    }
    longest = {"name": 128, "melliCode": 10, "shShenasname": 20, "postalCode": 10, "phoneNumber": 32}
    longest |= {"email": 254, "addres": 300, "modir": 64, "package": 64}
    password = _("At least 8 characters; not common, not only digits, not like the other fields.")
    return {
        "username": _text(
            _("3 to 64 letters, digits, points, strokes; not like a mobile or an email."), 64, least=3
        ),
        "password": _text(password, LONGEST_PASSWORD, least=8),
        "repeatPassword": _text(_("The same password again."), LONGEST_PASSWORD, least=8),
        "firstName": _text(_("First name."), LONGEST_NAME),
        "lastName": _text(_("Last name."), LONGEST_NAME),
        "mobileNumber": _text(_("The mobile that has to be verified before the account may be used."), 32),
        **{name: _text(text, longest[name]) for name, text in words.items()},
    }
