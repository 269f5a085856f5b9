"""One account's calls: what is the same in all operations of the gateway."""

import json

from panel.lib import http
from sms.gateway.calling import call_gateway
from sms.gateway.rest.envelope import open_envelope


class Calls:
    """Where the gateway is and what opens it; the operations are added by noun (see RestGateway)."""

    def __init__(self, base_url, client, *, token="", username="", password="", total_seconds=20.0):
        if not token and not (username and password):
            raise ValueError("the gateway needs a token, or a username and a password")
        self.base_url = base_url.rstrip("/")
        self._client = client
        self._total_seconds = total_seconds
        self._credentials = {"token": token} if token else {"username": username, "password": password}
        self._secrets = (token, password)

    def __repr__(self):
        return f"{type(self).__name__}({self.base_url!r}, …)"

    def _call(self, method, path, content=None, *, known=True, secrets=()):
        """The Result of one operation, `secrets` masked beside our own; not `known`: without our credentials."""
        headers = {**(self._credentials if known else {}), "Accept": "application/json"}
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        answer = call_gateway(
            self._client,
            method,
            f"{self.base_url}/{path}",
            headers=headers,
            body=body,
            total_seconds=self._total_seconds,
        )
        return open_envelope(answer, lambda text: http.excerpt(text, (*self._secrets, *secrets)))
