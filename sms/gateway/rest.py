"""The gateway's operations as typed methods (contracts/sms-gateway-rest.txt)."""

import json
from dataclasses import dataclass
from decimal import Decimal

from panel.lib import http
from panel.lib.http.reading import read_decimal, read_identifier, read_whole
from sms.gateway.codes import DeliveryState, UserState
from sms.gateway.envelope import check_code, open_envelope
from sms.gateway.errors import NotSent, Unclear

NORMAL, FLASH = 0, 1


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The gateway took a message under this id."""

    id: str


@dataclass(frozen=True, slots=True)
class Credit:
    """What is left on our account, in the gateway's unit; of a TRIAL account it is good for testing only."""

    value: Decimal
    state: UserState


class RestGateway:
    """One account at the gateway, opened by a token or by a username and password.

    `client` has the `send` of panel.lib.http.HttpClient; `total_seconds` bounds each call. Every method
    raises Refused, NotSent or Unclear, of the code's family where the gateway gave a code.
    """

    def __init__(self, base_url, client, *, token="", username="", password="", total_seconds=20.0):
        if not token and not (username and password):
            raise ValueError("the gateway needs a token, or a username and a password")
        self.base_url = base_url.rstrip("/")
        self._client = client
        self._total_seconds = total_seconds
        self._credentials = {"token": token} if token else {"username": username, "password": password}
        self._secrets = (token, password)

    def __repr__(self):
        return f"RestGateway({self.base_url!r}, …)"

    def send(self, from_number, recipients, text, *, flash=False):
        """Sends one text to all recipients («ارسال پیامک»), at most once."""
        answer, result = self._call(
            "POST",
            "sms/send",
            {
                "from": from_number,
                "recipients": list(recipients),
                "message": text,
                "type": FLASH if flash else NORMAL,
            },
        )
        identifier = read_identifier(self._open_result(answer, result).get("id"))
        if identifier is None:
            raise Unclear("the answer names no message", self._mask(answer.body))
        return SentMessage(identifier)

    def status(self, ids):
        """{id: DeliveryState} of sent messages («دریافت وضعیت پیامک»).

        A message whose number is in no table is left out: it changes nothing.
        """
        ids = [str(identifier) for identifier in ids]
        if not ids:
            return {}
        asked = [int(identifier) if identifier.isdecimal() else identifier for identifier in ids]
        answer, result = self._call("GET", "sms/status", {"idArray": asked})
        states = self._open_result(answer, result).get("result")
        # The states come bare, in the order asked for: with one missing, none could be told from another.
        if not isinstance(states, list) or len(states) != len(ids):
            raise Unclear("the answer does not fit the question", self._mask(answer.body))
        numbers = zip(ids, map(read_whole, states), strict=True)
        return {
            identifier: DeliveryState(number)
            for identifier, number in numbers
            if number in set(DeliveryState)
        }

    def credit(self):
        """The Credit of our account («دریافت اعتبار کاربر»)."""
        answer, result = self._call("GET", "my/credit")
        trial = isinstance(result, dict) and read_whole(result.get("status")) == UserState.TRIAL
        value = read_decimal((result if trial else self._open_result(answer, result)).get("value"))
        if value is None:
            raise Unclear("the answer names no credit", self._mask(answer.body))
        return Credit(value, UserState.TRIAL if trial else UserState.ACTIVE)

    def _call(self, method, path, content=None):
        """(Answer, its result) of one operation."""
        headers = {**self._credentials, "Accept": "application/json"}
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        try:
            answer = self._client.send(
                method,
                f"{self.base_url}/{path}",
                headers=headers,
                body=body,
                total_seconds=self._total_seconds,
            )
        except http.NotSent as error:
            raise NotSent(error.reason) from error
        except http.MaybeSent as error:
            raise Unclear(error.reason) from error
        return answer, open_envelope(answer, self._mask)

    def _open_result(self, answer, result):
        """The result of an operation that answers an object with a `status` of its own."""
        if not isinstance(result, dict):
            raise Unclear("the result is no object", self._mask(answer.body))
        check_code(result.get("status"), self._mask(answer.body))
        return result

    def _mask(self, body):
        return http.excerpt(body, self._secrets)
