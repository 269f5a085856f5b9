"""What the contracts served by REST framework share: every fault of a call ends in the contract's own envelope.

A contract's base view is a ContractView that says how its envelope looks (`show_fault`), its words by HTTP
status (`fault_words`), and its words for the engine's refusals (`word_refusal`). Its views then simply raise:

- CallRefused: a status and words of the contract's own;
- OrderRefused (orders/refusals.py), worded by `word_refusal`;
- Throttled (panel/accounts/key_usage.py): 429 with Retry-After;
- a serializer's ValidationError: 400 with its first message, so give fields the contract's `error_messages`;
- a parser's errors, a wrong method, a database that is away (503), and what nobody thought of (500, logged).
"""

import logging

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.refusals import OrderRefused
from panel.accounts.key_usage import Throttled

log = logging.getLogger(__name__)


class CallRefused(APIException):
    """A call that is answered with this HTTP status and these words."""

    def __init__(self, status, words, **headers):
        super().__init__(words)
        self.status_code = status
        self.words = words
        self.headers = headers


class OneRenderer(BaseContentNegotiation):
    """The one renderer, whatever `Accept` or `?format=` ask for; the parser by content type."""

    def select_parser(self, request, parsers):
        kind = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ContractView(APIView):
    """The base of a contract's views; see the module."""

    http_method_names = ["get", "head", "post"]
    content_negotiation_class = OneRenderer
    fault_words = {}

    def show_fault(self, status, words):
        """The body of a refusal."""
        raise NotImplementedError

    def word_refusal(self, refused):
        """`(HTTP status, words)` for an OrderRefused."""
        raise NotImplementedError

    def handle_exception(self, error):
        """The answer to whatever was raised; REST framework calls it."""
        status, words, headers = self._judge(error)
        body = self.show_fault(status, words)
        return Response(
            body, status, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )

    def finalize_response(self, request, response, *args, **kwargs):
        """Tell the body's length: without it the server would answer in chunks."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.add_post_render_callback(_tell_length)
        return response

    def _judge(self, error):
        """`(status, words, headers)`."""
        if isinstance(error, OrderRefused):
            return *self.word_refusal(error), {}
        if isinstance(error, CallRefused):
            return error.status_code, error.words, error.headers
        if isinstance(error, ValidationError):
            return 400, _find_first(error.detail), {}
        if isinstance(error, Throttled):
            return 429, self.fault_words[429], {"Retry_After": str(error.retry_after_seconds)}
        status = self._find_status(error)
        return status, self.fault_words[status], {}

    def _find_status(self, error):
        if isinstance(error, APIException):
            return error.status_code
        if isinstance(error, SuspiciousOperation):
            return 400
        if isinstance(error, Http404):
            return 404
        if isinstance(error, psycopg.Error | DatabaseError):
            log.error("a call of %s failed: %s", type(self).__name__, type(error).__name__)
            return 503
        log.error("a call of %s failed", type(self).__name__, exc_info=error)
        return 500


def read_credential(value, scheme):
    """What follows `scheme` in a header's value; "" when nothing does, None for another scheme or no header."""
    named, _, credential = value.strip().partition(" ")
    return credential.strip() if named.lower() == scheme.lower() else None


def _find_first(detail):
    while isinstance(detail, dict | list):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail))
    return str(detail)


def _tell_length(response):
    response.headers["Content-Length"] = str(len(response.content))
