"""A customer's sends: found, how far each got, and its recipients."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from panel.dashboard.keyset import PAGE_SIZE, cut_page
from panel.lib.charts import draw_shares
from panel.lib.mobile import national_mobile, parse_mobile
from sms.models import Message, Send
from sms.states import count_messages

UNSENT = (Message.State.QUEUED, Message.State.SENDING)
# Still moving: the page asks again.
OPEN = (*UNSENT, Message.State.SENT)
# As a status: always an icon, a word and a colour.
SENDING = ("loader", "info", _("being sent"))
SENT = ("circle-check", "success", _("sent"))
SEND_LOOKS = {
    Send.State.SCHEDULED: ("calendar-clock", "info", Send.State.SCHEDULED.label),
    Send.State.CANCELED: ("ban", "muted", Send.State.CANCELED.label),
    Send.State.REFUSED: ("triangle-alert", "danger", Send.State.REFUSED.label),
}
# In the order of the legend; the colour is the chart's too.
MESSAGE_LOOKS = {
    Message.State.DELIVERED: ("circle-check", "success"),
    Message.State.SENT: ("send", "info"),
    Message.State.QUEUED: ("clock", "muted"),
    Message.State.SENDING: ("loader", "muted"),
    Message.State.UNCLEAR: ("circle-alert", "warning"),
    Message.State.UNDELIVERED: ("circle-x", "warning"),
    Message.State.FAILED: ("triangle-alert", "danger"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A status as pages show it."""

    icon: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a send's messages have a state, and how many in a hundred that is."""

    state: str
    look: Look
    count: int
    percent: int


def find_sends(customer_id, state=""):
    """The customer's sends in that state, each with `unsent`: whether some of its messages wait."""
    found = Send.objects.filter(customer_id=customer_id)
    if state in Send.State.values:
        found = found.filter(state=state)
    waiting = Message.objects.filter(send=OuterRef("pk"), state__in=UNSENT)
    return found.select_related("book", "pattern").annotate(unsent=Exists(waiting))


def look_of_send(send):
    """The Look of a send that `find_sends` found."""
    return Look(*SEND_LOOKS.get(send.state) or (SENDING if send.unsent else SENT))


def look_of_message(state):
    """The Look of a message in that state."""
    return Look(*MESSAGE_LOOKS[state], Message.State(state).label)


def count_shares(send):
    """The Shares of a send's messages by state, those that there are none of left out."""
    counts = dict.fromkeys(MESSAGE_LOOKS, 0)
    for (state, _code), count in count_messages([send.pk])[send.pk].items():
        counts[state] += count
    total = sum(counts.values())
    return [
        Share(state.value, look_of_message(state), count, round(100 * count / total))
        for state, count in counts.items()
        if count
    ]


def draw_delivery(shares):
    """The Chart of Shares."""
    return draw_shares([(share.look.tone, share.count) for share in shares])


def read_recipients(send, state, words, before, size=PAGE_SIZE):
    """A Page of the send's messages in order of the number, from behind the digits `before`.

    `words` is a number in any spelling: that one alone. Both ways there is an index that ends after a page.
    """
    rows = Message.objects.filter(send=send).order_by("to")
    if state in Message.State.values:
        rows = rows.filter(state=state)
    if words:
        try:
            rows = rows.filter(to=parse_mobile(words))
        except ValueError:
            rows = rows.none()
    if before is not None:
        rows = rows.filter(to__gt=f"+{before}")
    rows = list(rows.only("to", "state", "sent_at", "parts")[: size + 1])
    for row in rows:
        row.look, row.shown = look_of_message(row.state), national_mobile(row.to)
    return cut_page(rows, before is None, size, cursor=lambda row: row.to.removeprefix("+"))


def write_filter(**chosen):
    """The part of an address that keeps what was chosen."""
    return urlencode({name: text for name, text in chosen.items() if text})
