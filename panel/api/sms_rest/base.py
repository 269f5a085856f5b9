"""What the views of this contract share (contracts: sms-gateway-rest, «مفاهیم»).

An answer is `{"status": 200, "result": …}`; whatever the document has a code for is such an answer too, with the code
in the result. Faults of the call itself are `{"status": N, "message": …}` with N as their HTTP status.
"""

import logging

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404
from rest_framework.exceptions import APIException, NotFound
from rest_framework.response import Response

from panel.accounts.key_usage import Throttled
from panel.accounts.logins import LoginThrottled
from panel.api.rest.views import CallRefused, ContractView
from panel.api.sms_rest.auth import CredentialsAuthentication
from panel.api.sms_rest.contents import read_content
from panel.api.sms_rest.errors import FAULTS
from sms.accounts import find_account, find_package, judge_account
from sms.gateway.codes import OtherState, UserState
from sms.refusals import SmsRefused

log = logging.getLogger(__name__)
READS = ("GET", "HEAD")
_FAULTS_OF_CALLS = (APIException, SuspiciousOperation, Http404, Throttled)


class EnvelopeView(ContractView):
    """A view in this contract's envelope. `show_code` says how its result tells a code."""

    http_method_names = ["get", "head", "post", "delete"]
    authentication_classes = ()
    permission_classes = ()
    fault_words = FAULTS
    content = {}  # of the body; read before anything is done

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:
            self.content = read_content(request)

    def show_fault(self, status, words):
        return {"status": status, "message": words}

    def show_code(self, code):
        """The result that tells a code other than 0; here a bare number."""
        return int(code)

    def handle_exception(self, error):
        if isinstance(error, LoginThrottled):
            error = CallRefused(429, FAULTS[429], Retry_After=str(error.retry_after_seconds))
        code = name_trouble(error)
        return super().handle_exception(error) if code is None else answer(self.show_code(code))


class AccountView(EnvelopeView):
    """A view for whoever has an account that is active. `nothing` is what its result holds beside another code.

    A trial account and a read-only key get what changes nothing.
    """

    authentication_classes = (CredentialsAuthentication,)
    nothing = {}

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:
            self.account = find_account(request.user)
            self.state = judge_account(request.user, self.account, find_package(self.account))
            self._admit(request)

    def show_code(self, code):
        return {"status": int(code), **self.nothing}

    def _admit(self, request):
        if self.state not in (UserState.ACTIVE, UserState.TRIAL):
            raise SmsRefused(self.state)
        if request.method in READS:
            return
        if self.state is UserState.TRIAL:
            raise SmsRefused(UserState.TRIAL)
        if not request.auth.may_change:
            raise SmsRefused(
                UserState.NO_ACCESS
            )  # of all that the document has, the nearest to "may only read"


class BareView(AccountView):
    """The same for results that are a bare number."""

    def show_code(self, code):
        return int(code)


class NowhereView(EnvelopeView):
    """Paths that look like this contract's and are none."""

    def initial(self, request, *args, **kwargs):
        raise NotFound


def answer(result):
    """The envelope of a result."""
    return Response({"status": 200, "result": result})


def name_trouble(error):
    """The code of the document's tables that an exception stands for; None for faults of the call itself.

    What is ours is logged.
    """
    if isinstance(error, SmsRefused):
        return error.code
    if isinstance(error, _FAULTS_OF_CALLS):
        return None
    if isinstance(error, psycopg.Error | DatabaseError):
        log.error("a call of the SMS gateway failed: %s", type(error).__name__)
        return OtherState.DATABASE_TROUBLE
    log.error("a call of the SMS gateway failed", exc_info=error)
    return OtherState.SERVER_TROUBLE
