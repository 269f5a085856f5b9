"""One call to a gateway over the wire, whatever its kind."""

from panel.lib import http
from sms.gateway.errors import NotSent, Unclear


def call_gateway(client, method, url, *, headers, body, total_seconds):
    """The Answer of one call, of any status. Raises NotSent or Unclear.

    They are raised apart from the wire's own errors, which may quote the URL, and with it a key.
    """
    try:
        return client.send(method, url, headers=headers, body=body, total_seconds=total_seconds)
    except http.NotSent as error:
        trouble = NotSent(error.reason)
    except http.MaybeSent as error:
        trouble = Unclear(error.reason)
    raise trouble
