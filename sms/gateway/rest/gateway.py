"""The whole gateway: what each part of the document adds, over one account's calls."""

from sms.gateway.rest.account import AccountOperations
from sms.gateway.rest.phonebooks import PhonebookOperations
from sms.gateway.rest.reports import ReportOperations
from sms.gateway.rest.sending import SendingOperations


class RestGateway(AccountOperations, SendingOperations, ReportOperations, PhonebookOperations):
    """One account at the gateway, opened by a token or by a username and password.

    `client` has the `send` of panel.lib.http.HttpClient; `total_seconds` bounds each call. Every method
    raises Refused, NotSent or Unclear, of the code's family where the gateway gave a code.
    """
