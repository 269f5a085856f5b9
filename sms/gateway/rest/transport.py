"""The REST gateway as a Transport."""

from panel.lib.mobile import national_mobile
from sms.gateway.base import Taken, check_batch, check_single_numbers
from sms.gateway.errors import GatewayError
from sms.gateway.rest.sending import Draft


class RestTransport:
    """See Transport. The gateway tells neither cost nor parts, and one call to many has one id."""

    max_recipients = max_pattern_recipients = max_ids = 100
    shares_ids = True

    def __init__(self, gateway):
        self.gateway = gateway

    def __repr__(self):
        return f"RestTransport({self.gateway!r})"

    def send_same(self, outgoing):
        """See Transport."""
        numbers = self._list_numbers(outgoing)
        sent = self.gateway.send(outgoing.sender, numbers, outgoing.text, flash=outgoing.flash)
        return (Taken(sent.id),) * len(numbers)

    def send_each(self, messages):
        """See Transport."""
        check_batch(messages, self.max_recipients)
        check_single_numbers(messages)
        outcomes = self.gateway.send_many(
            Draft(message.sender, self._list_numbers(message), message.text, message.flash)
            for message in messages
        )
        return [outcome if isinstance(outcome, GatewayError) else Taken(outcome.id) for outcome in outcomes]

    def send_pattern(self, outgoing, pattern_id, values):
        """See Transport."""
        numbers = self._list_numbers(outgoing)
        sent = self.gateway.send_pattern(outgoing.sender, numbers, pattern_id, values, flash=outgoing.flash)
        return (Taken(sent.id),) * len(numbers)

    def states(self, ids):
        """See Transport."""
        check_batch(ids, self.max_ids)
        return self.gateway.status(ids)

    def credit(self):
        """See Transport."""
        return self.gateway.credit()

    def _list_numbers(self, outgoing):
        check_batch(outgoing.numbers, self.max_recipients)
        return tuple(national_mobile(number) for number in outgoing.numbers)
