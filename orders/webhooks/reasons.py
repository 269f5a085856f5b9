"""Why a try failed, in the words that are stored, and as people read them."""

from django.utils.translation import gettext_lazy as _

SWITCHED_OFF = "the webhook is switched off"
GONE = "the receiver answered 410"
# What panel.lib.http says is stored as it is; whatever is missing here is shown in English.
_SENTENCES = {
    SWITCHED_OFF: _("the webhook is switched off"),
    GONE: _("the receiver answered 410 Gone, so the webhook was switched off"),
    "the address is not allowed": _("the address leads into a private network"),
    "the name is not known": _("the name is not known"),
    "the name could not be looked up in time": _("the name could not be looked up in time"),
    "connecting took too long": _("connecting took too long"),
    "the connection was refused": _("the connection was refused"),
    "the connection broke": _("the connection broke"),
    "the TLS connection failed": _("the TLS connection failed"),
    "no complete answer in time": _("no complete answer in time"),
    "the answer is larger than 65536 bytes": _("the answer is larger than 64 KB"),
    "the answer could not be decoded": _("the answer could not be decoded"),
    "the connection broke or the answer is not HTTP": _("the connection broke or the answer is not HTTP"),
}


def describe_reason(error):
    """The stored reason in the active language; a piece of the receiver's own answer stays as it is."""
    return str(_SENTENCES.get(error, error))
