"""What the views of panel-app share: its envelope, its tokens, and parameters from wherever clients put them.

"HTTP status is 200 on every documented answer; the number that matters is `status` in the body" (contracts).
A refused token is HTTP 401, and what nobody documented (a wrong method, a body too large, a database that is away,
a fault) has its own HTTP status too.
"""

from rest_framework.response import Response

from panel.api.panel_app.auth import TokenAuthentication
from panel.api.panel_app.errors import FAULTS, word
from panel.api.rest.fields import read_whole
from panel.api.rest.parsers import FormParser, JsonParser
from panel.api.rest.views import ContractView

IN_THE_BODY = (400, 403, 404, 429)


class PanelView(ContractView):
    """A view for whoever holds a token of this contract; public ones set `authentication_classes = ()`."""

    parser_classes = (JsonParser, FormParser)
    authentication_classes = (TokenAuthentication,)
    permission_classes = ()
    fault_words = FAULTS

    def initial(self, request, *args, **kwargs):
        """Refuse a body that can't be read before anything is done, also where nothing in it is asked for."""
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:
            read_parameters(request)

    def show_fault(self, status, words):
        """The envelope of a refusal; a fault of ours is the document's `{"message": "Server Error"}`."""
        return {"message": words} if status == 500 else {"status": status, "message": words}

    def word_refusal(self, refused):
        return word(refused)

    def handle_exception(self, error):
        response = super().handle_exception(error)
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if response.status_code in IN_THE_BODY:
            response.status_code = 200
        return response


def answer(status=200, **told):
    """The envelope of a call that did what it should."""
    return Response({"status": status, **told})


def answer_in_secret(status=200, **told):
    """The same for answers that hold a token, which nobody on the way may keep."""
    return Response({"status": status, **told}, headers={"Cache-Control": "no-store"})


def read_parameters(request):
    """Values by name from the query and, where there is one, the body, which wins: a GET may carry either."""
    return request.query_params.dict() | dict(request.data)


def read_plain_whole(value):
    """A whole number or its text in Latin digits, as this contract's clients write numbers; None for all else."""
    return read_whole(value) if not isinstance(value, str) or value.isascii() else None


def unix(moment):
    """A moment in unix seconds; None stays None."""
    return None if moment is None else int(moment.timestamp())
