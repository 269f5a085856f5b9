"""How far sends got: the state that a send has as a whole, and how many of its messages have which."""

from django.db import connection
from django.db.models import Count

from sms.gateway.codes import DeliveryState
from sms.models import Message, Send

# From the least advanced on: a send has the first of these that one of its messages has.
_RANKS = (
    ("queued", None, DeliveryState.UNREPORTED),
    ("sending", None, DeliveryState.UNREPORTED),
    ("unclear", None, DeliveryState.UNREPORTED),
    ("sent", None, DeliveryState.UNREPORTED),
    ("sent", DeliveryState.UNREPORTED, DeliveryState.UNREPORTED),
    ("sent", DeliveryState.SENT, DeliveryState.SENT),
    ("sent", DeliveryState.INVALID, DeliveryState.SENT),
    ("sent", DeliveryState.AT_OPERATOR, DeliveryState.AT_OPERATOR),
    ("failed", None, DeliveryState.NOT_AT_OPERATOR),
    ("undelivered", DeliveryState.NOT_AT_OPERATOR, DeliveryState.NOT_AT_OPERATOR),
    ("undelivered", DeliveryState.RETURNED, DeliveryState.RETURNED),
    ("undelivered", DeliveryState.NOT_DELIVERED, DeliveryState.NOT_DELIVERED),
    ("delivered", DeliveryState.DELIVERED, DeliveryState.DELIVERED),
)
# One look into the index for each rank, so a send to many is as quick as one to few.
_LEAST = """
SELECT send.id, (
    SELECT min(rank) FROM unnest(%(states)s::text[], %(codes)s::smallint[], %(ranks)s::int[]) known(state, code, rank)
    WHERE EXISTS (
        SELECT FROM sms_message message WHERE message.send_id = send.id AND message.state = known.state
            AND (known.code IS NULL AND (known.state <> 'sent' OR message.delivery_code IS NULL)
                OR message.delivery_code = known.code)
    )
), send.state
FROM sms_send send WHERE send.id = ANY (%(ids)s::bigint[]) AND send.customer_id = %(customer)s
"""


def find_send_states(customer_id, ids):
    """`{send id: DeliveryState}`, the least advanced of its messages'; INVALID for what is not the customer's."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LEAST,
            {
                "states": [state for state, _, _ in _RANKS],
                "codes": [code for _, code, _ in _RANKS],
                "ranks": list(range(len(_RANKS))),
                "ids": list(ids),
                "customer": customer_id,
            },
        )
        rows = {pk: (rank, state) for pk, rank, state in cursor.fetchall()}
    return {pk: _name_state(*rows[pk]) if pk in rows else DeliveryState.INVALID for pk in ids}


def _name_state(rank, state):
    """By the rank of the least advanced message; without messages a send waits, or will never have any."""
    if rank is not None:
        return _RANKS[rank][2]
    never = state in (Send.State.CANCELED, Send.State.REFUSED)
    return DeliveryState.NOT_AT_OPERATOR if never else DeliveryState.UNREPORTED


def count_messages(send_ids):
    """`{send id: {(state, delivery code): count}}`, from an index alone."""
    rows = (
        Message.objects.filter(send_id__in=send_ids)
        .values_list("send_id", "state", "delivery_code")
        .annotate(count=Count("*"))
        .order_by()
    )
    counts = {pk: {} for pk in send_ids}
    for send_id, state, code, count in rows:
        counts[send_id][state, code] = count
    return counts


def find_latest_send(customer_id):
    """The customer's newest Send that was queued, or None."""
    return Send.objects.filter(customer_id=customer_id, state=Send.State.QUEUED).order_by("-id").first()
