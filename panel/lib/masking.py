"""Hiding in a text what looks like a secret: by the name beside it, or by its shape."""

import re

from panel.lib.http.excerpts import MASK

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


def mask_secrets(text):
    """`text` with *** for what stands beside the name of a secret, in an address before the @, or looks like one."""
    text = _NAMED.sub(rf"\1\2{MASK}", text)
    text = _SCHEMES.sub(rf"\1\2{MASK}", text)
    text = _IN_ADDRESS.sub(f"{MASK}@", text)
    return _SHAPES.sub(MASK, text)
