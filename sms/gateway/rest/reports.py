"""Operations that report («وب‌سرویس‌های گزارش‌گیری»)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from panel.lib.http.reading import read_identifier, read_text, read_whole
from sms.gateway.codes import DeliveryState
from sms.gateway.errors import Unclear
from sms.gateway.rest.calls import Calls
from sms.gateway.rest.sending import write_id

STATES = {int(state): state for state in DeliveryState}
NUMBER_LIMIT, TIME_LIMIT = 30, 50


@dataclass(frozen=True, slots=True)
class LatestMessage:
    """The message sent last. `time` is when it was sent and `now` when this was told, as the gateway writes them.

    `state` is None where its number is in no table.
    """

    id: str
    text: str
    recipients: tuple[str, ...]
    from_number: str
    state: DeliveryState | None
    time: str
    now: str


class ReportOperations(Calls):
    """What is asked about sent messages."""

    def latest(self):
        """The LatestMessage of our account («دریافت جزئیات آخرین پیامک»); ReportError 31 where there is none."""
        result = self._call("GET", "sms/latest")
        details = result.open().get("details")
        identifier = read_identifier(details.get("id")) if isinstance(details, dict) else None
        if identifier is None or not isinstance(details.get("recipients"), list):
            raise Unclear("the answer tells of no message", result.shown)
        text = details.get("message")
        return LatestMessage(
            id=identifier,
            text=text if isinstance(text, str) else "",
            recipients=tuple(read_text(number, NUMBER_LIMIT) for number in details["recipients"]),
            from_number=read_text(details.get("from"), NUMBER_LIMIT),
            state=STATES.get(read_whole(details.get("state"))),
            time=read_text(details.get("time"), TIME_LIMIT),
            now=read_text(details.get("now"), TIME_LIMIT),
        )

    def status(self, ids):
        """{id: DeliveryState} of sent messages («دریافت وضعیت پیامک»).

        A message whose number is in no table is left out: it changes nothing. The ids go in the body, as the
        document says, and in the query, for proxies that drop the body of a GET.
        """
        ids = [str(identifier) for identifier in ids]
        if not ids:
            return {}
        query = urlencode([("idArray", identifier) for identifier in ids], errors="replace")
        asked = [write_id(identifier) for identifier in ids]
        result = self._call("GET", f"sms/status?{query}", {"idArray": asked})
        numbers = result.open_list("result")
        # The states come bare, in the order asked for: with one missing, none could be told from another.
        if len(numbers) != len(ids):
            raise Unclear("the answer does not fit the question", result.shown)
        told = zip(ids, map(read_whole, numbers), strict=True)
        return {identifier: STATES[number] for identifier, number in told if number in STATES}
