"""Mass orders: `service|link|quantity` a line, all of them or none."""

from dataclasses import dataclass

from orders.refusals import OrderRefused, Refusal
from orders.services import OrderRequest, PlacedOrder, place_orders_together
from panel.lib.dates import read_digits, to_latin_digits

MAX_LINES = 1_000
SHAPE = "service|link|quantity"


class TooManyLines(Exception):
    """The text has more than MAX_LINES lines that say something."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What became of one line, by its number in the text: an order, or why there is none.

    Both are None for a line that is right and wasn't placed, since another one isn't or all were only checked.
    `charge` is what it cost or would cost (toman); None where that isn't known: for a repeat of an earlier call
    and for most refusals.
    """

    number: int
    text: str
    placed: PlacedOrder | None
    refused: OrderRefused | None
    charge: int | None


def place_mass_order(customer_id, channel, text, form_key, only_check=False, at_most=None):
    """Place an order for each line of `text`, or none where one can't be placed; returns a LineAnswer for each.

    Empty lines are none. The same `form_key` with the same text places once in 24 h. A line that isn't of the
    SHAPE is refused with FIELD_BAD and the SHAPE as its field. `only_check` places none. Raises TooManyLines,
    OrderRefused for a customer who may not order, and PriceRose where all together cost more than `at_most` toman.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MAX_LINES:
        raise TooManyLines
    read = [_read_line(line, f"mass:{form_key}:{number}") for number, line in lines]
    requests = [one for one in read if isinstance(one, OrderRequest)]
    only_check = only_check or len(requests) < len(read)
    answered = iter(place_orders_together(customer_id, channel, requests, only_check, at_most))
    answers = [next(answered) if isinstance(one, OrderRequest) else one for one in read]
    return [_answer(*line, answer) for line, answer in zip(lines, answers, strict=True)]


def _read_line(line, key):
    """The OrderRequest that a line asks for, or an OrderRefused. A link may have the separator in it."""
    service, _, rest = line.partition("|")
    link, separator, quantity = rest.rpartition("|")
    if not separator:
        return OrderRefused(Refusal.FIELD_BAD, field=SHAPE)
    service_id = read_digits(to_latin_digits(service.strip()))
    if service_id is None:
        return OrderRefused(Refusal.SERVICE_UNKNOWN)
    return OrderRequest(service_id, {"link": link.strip(), "quantity": quantity.strip()}, key)


def _answer(number, text, answer):
    placed = answer if isinstance(answer, PlacedOrder) else None
    return LineAnswer(
        number, text, placed, answer if isinstance(answer, OrderRefused) else None, answer.charge
    )
