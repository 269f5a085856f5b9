"""What the views of likenama share (contracts: likenama-v1): its version, its tokens and its envelope of errors.

`{"errors": {FIELD or "base": [words]}}` is every answer that is no success, whatever went wrong.
"""

import re

from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from campaigns.refusals import CampaignRefused
from panel.api.likenama.auth import TokenAuthentication, require_writer
from panel.api.likenama.errors import FAULTS, MISSING_PART, OTHER_VERSION, word
from panel.api.rest.parsers import JsonParser
from panel.api.rest.views import CallRefused, ContractView
from panel.lib.dates import read_digits, to_latin_digits

VERSION = "v1"
_VERSIONS = re.compile(r"application/vnd\.likenama\.(v[0-9a-z]*)", re.ASCII | re.IGNORECASE)


class LikenamaView(ContractView):
    """A view for whoever holds a token of this contract; a token that may only read changes nothing."""

    parser_classes = (JsonParser,)
    authentication_classes = (TokenAuthentication,)
    permission_classes = ()
    fault_words = FAULTS

    def initial(self, request, *args, **kwargs):
        """Refuse another version, and a body that can't be read, before anything is done."""
        _check_version(request)
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and request.method in self.allowed_methods:
            require_writer(request)
            _ = request.data

    def show_fault(self, status, words):
        """`words` is a text for `base`, or `{field: [text]}`."""
        return {"errors": words if isinstance(words, dict) else {"base": [words]}}

    def handle_exception(self, error):
        if isinstance(error, CampaignRefused):
            error = CallRefused(*word(error))
        response = super().handle_exception(error)
        if response.status_code == 401:
            # Old Android clients take a 401 without it for a broken connection.
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


class NowhereView(LikenamaView):
    """Paths that look like this contract's and are none."""

    authentication_classes = ()

    def initial(self, request, *args, **kwargs):
        _check_version(request)
        raise NotFound


def answer_done(status=201):
    """The answer of a call that did what it should and has nothing to tell."""
    return Response(status=status)


def read_part(request, part):
    """The object that the body has under `part`. Raises CallRefused (422)."""
    given = request.data.get(part)
    if not isinstance(given, dict):
        raise CallRefused(422, MISSING_PART.format(part=part))
    return given


def read_id(text):
    """The number in a path, Persian digits too; 0, which names nothing, for what is none."""
    return read_digits(to_latin_digits(text)) or 0


def read_text(value):
    """A text, or the text of a whole number; anything else as it came, for the engine to refuse."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_version(request):
    """Raise CallRefused (410) where only other versions of this contract are accepted."""
    versions = {found.lower() for found in _VERSIONS.findall(request.META.get("HTTP_ACCEPT", ""))}
    if versions and VERSION not in versions:
        raise CallRefused(410, OTHER_VERSION)
