"""Making a provider's words safe to show: what is known to be secret, and what looks like it, becomes ***."""

import re
from base64 import b64encode

from panel.lib.http.excerpts import MASK, excerpt

SHOWN_CHARACTERS = 240
_READ_CHARACTERS = 1000
# The adapters have masked our own key and password by then. An upstream may also answer with a secret that nobody
# here knows yet, such as a fresh token: those are found by the name beside them or by their shape.
_NAMED = re.compile(
    r"""
    ( (?: key | token | secret | passw(?:or)?d | passphrase | pwd | \bpass | credentials? | authori[sz]ation
        | cookie | session[_-]?id | jwt | \botp | رمز(?:[\s\u200c]?عبور)? | گذرواژه | کلید | توکن ) s? )
    ( (?: \\?["'] | &(?:quot|\#34|\#39|\#x27); | %22 )? \s* (?: => | [:=] | &\#0?61; | %3d | %3a ) \s* )
    (?:
        &(?P<quote>quot|\#34|\#39|\#x27); .*? (?: &(?P=quote); | $ )
      | %22 .*? (?: %22 | $ )
      | \\?" (?: [^"\\] | \\[^"] )* \\?"?
      | ' [^']* '?
      | \[ [^\]]* \]?
      | (?: (?: bearer | basic | token ) \s+ )? [^\s"'\\,;&<>}\]]+
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCHEMES = re.compile(r"\b(bearer|basic)((?:\s|\+|%20)+)[\w.~+/=%-]{6,}", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?<=//)[^/\s@]+@")
_SHAPES = re.compile(
    r"""
      eyJ[\w-]{8,}(?:\.[\w-]*)*          # a JSON web token
    | \b[0-9a-f]{32,}\b                  # a digest or a key in hexadecimal digits
    | (?<![\w/-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{40,}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def mask_text(text, secrets):
    """`text` in one line of at most SHOWN_CHARACTERS, without `secrets` and without what looks like one."""
    known = excerpt(text, _add_base64(secrets), _READ_CHARACTERS)
    known = _NAMED.sub(rf"\1\2{MASK}", known)
    known = _SCHEMES.sub(rf"\1\2{MASK}", known)
    known = _IN_ADDRESS.sub(f"{MASK}@", known)
    return _SHAPES.sub(MASK, known)[:SHOWN_CHARACTERS]


def _add_base64(secrets):
    """The secrets, and how they stand in a header of Basic authentication: alone, or behind another of them."""
    secrets = tuple(filter(None, secrets))
    joined = [f"{one}:{other}" for one in ("", *secrets) for other in ("", *secrets) if one or other]
    written = (b64encode(text.encode("utf-8", "surrogatepass")).decode() for text in (*secrets, *joined))
    return (*secrets, *{text for one in written for text in (one, one.rstrip("="))})
