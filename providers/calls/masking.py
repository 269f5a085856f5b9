"""Making a provider's words safe to show: what is known to be secret, and what looks like it, becomes ***.

The adapters have masked our own key and password by then. An upstream may also answer with a secret that nobody here
knows yet, such as a fresh token: those are found by the name beside them or by their shape (panel/lib/masking.py).
"""

from base64 import b64encode

from panel.lib.http.excerpts import excerpt
from panel.lib.masking import mask_secrets

SHOWN_CHARACTERS = 240
_READ_CHARACTERS = 1000


def mask_text(text, secrets):
    """`text` in one line of at most SHOWN_CHARACTERS, without `secrets` and without what looks like one."""
    return mask_secrets(excerpt(text, _add_base64(secrets), _READ_CHARACTERS))[:SHOWN_CHARACTERS]


def _add_base64(secrets):
    """The secrets, and how they stand in a header of Basic authentication: alone, or behind another of them."""
    secrets = tuple(filter(None, secrets))
    joined = [f"{one}:{other}" for one in ("", *secrets) for other in ("", *secrets) if one or other]
    written = (b64encode(text.encode("utf-8", "surrogatepass")).decode() for text in (*secrets, *joined))
    return (*secrets, *{text for one in written for text in (one, one.rstrip("="))})
