"""Kavenegar as a Transport."""

from sms.gateway.base import check_batch, check_single_numbers
from sms.gateway.errors import SendingRefused

# The names a template's places can have, in the order they are filled. Only the last two may hold spaces.
TOKENS = ("token", "token2", "token3", "token10", "token20")


class KavenegarTransport:
    """See Transport. Each number has an id and a cost of its own; a template goes to one number a call."""

    max_recipients = 200
    max_pattern_recipients = 1
    max_ids = 500
    shares_ids = False

    def __init__(self, gateway):
        self.gateway = gateway

    def __repr__(self):
        return f"KavenegarTransport({self.gateway!r})"

    def send_same(self, outgoing):
        """See Transport."""
        check_batch(outgoing.numbers, self.max_recipients)
        receptors = [write_receptor(number) for number in outgoing.numbers]
        return self.gateway.send(outgoing.sender, receptors, outgoing.text, flash=outgoing.flash)

    def send_each(self, messages):
        """See Transport."""
        check_batch(messages, self.max_recipients)
        check_single_numbers(messages)
        if not messages:
            return []
        return self.gateway.send_array(
            [message.sender for message in messages],
            [write_receptor(message.numbers[0]) for message in messages],
            [message.text for message in messages],
            [message.flash for message in messages],
        )

    def send_pattern(self, outgoing, pattern_id, values):
        """See Transport; `pattern_id` is the template's name. Its line to send from is the gateway's own choice."""
        check_batch(outgoing.numbers, self.max_pattern_recipients)
        check_single_numbers([outgoing])
        receptor = write_receptor(outgoing.numbers[0])
        return (self.gateway.lookup(receptor, pattern_id, name_tokens(values)),)

    def states(self, ids):
        """See Transport."""
        check_batch(ids, self.max_ids)
        return self.gateway.status(ids)

    def credit(self):
        """See Transport."""
        return self.gateway.info()


def write_receptor(e164):
    """A number as Kavenegar writes it: `09123456789` for an Iranian one, `0044…` for any other."""
    return "0" + e164[3:] if e164.startswith("+98") else "00" + e164.removeprefix("+")


def name_tokens(values):
    """{token: value} of a pattern's values by name, for a template with the places of TOKENS.

    A name that is a token's own stays; the others take the free places in their order, whatever the values are,
    so that one template fits them all. Raises SendingRefused where there are more values than places.
    """
    own = {name: str(value) for name, value in values.items() if name in TOKENS}
    free = iter(token for token in TOKENS if token not in own)
    others = [(name, str(value)) for name, value in values.items() if name not in TOKENS]
    named = dict(zip(free, (value for _name, value in others), strict=False))
    if len(named) != len(others):
        raise SendingRefused(f"a template has no place for {others[len(named)][0]}")
    return own | named
