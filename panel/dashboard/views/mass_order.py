"""Many orders in one form: a line each, all of them or none."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.mass import MAX_LINES, SHAPE, LineAnswer, TooManyLines, place_mass_order
from orders.models import Order
from orders.refusals import OrderRefused, Refusal, describe
from panel.dashboard.access import customer_required
from panel.dashboard.order_form import LABELS, new_form_key
from panel.lib.dates import format_number

FORM_KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A line's answer as the page shows it: its order's charge in toman, or the sentence of its refusal."""

    answer: LineAnswer
    charge: int | None
    error: str


@customer_required
def mass_order(request):
    """The form (GET), and placing its lines (POST)."""
    if request.method != "POST":
        return _show(request)
    text = request.POST.get("lines", "")
    key = request.POST.get("form_key", "")[:FORM_KEY_LENGTH] or new_form_key()
    try:
        answers = place_mass_order(request.user.pk, Order.Channel.DASHBOARD, text, key)
    except TooManyLines:
        limit = format_number(MAX_LINES, get_language())
        words = _("There are too many lines. Send at most %(limit)s at once.") % {"limit": limit}
        return _show(request, text, key, error=words)
    except OrderRefused as refused:
        return _show(request, text, key, error=describe(refused))
    if not answers:
        return _show(request, text, key, error=_("There is no line. Write at least one order."))
    if all(answer.placed for answer in answers):
        return _show(request, rows=_describe(answers))
    reused = any(answer.refused and answer.refused.code is Refusal.KEY_REUSED for answer in answers)
    words = _(
        "No order was placed and nothing was charged. Correct the lines marked below and send them again."
    )
    return _show(request, text, "" if reused else key, _describe(answers), words)


def _show(request, text="", form_key="", rows=(), error=""):
    placed = bool(rows) and not error
    context = {
        "text": text,
        "form_key": form_key or new_form_key(),
        "rows": rows,
        "error": error,
        "placed": placed,
        "total": sum(row.charge for row in rows) if placed else None,
        "most": MAX_LINES,
    }
    return render(request, "dashboard/mass_order.html", context, status=422 if error else 200)


def _describe(answers):
    """The Rows; charges are read again, since a form that was sent twice knows its orders alone."""
    placed = [answer.placed.order_id for answer in answers if answer.placed]
    charges = dict(Order.objects.filter(pk__in=placed).values_list("pk", "charge"))
    return [
        Row(
            answer,
            charges[answer.placed.order_id] if answer.placed else None,
            _describe_refusal(answer.refused) if answer.refused else "",
        )
        for answer in answers
    ]


def _describe_refusal(refused):
    if refused.field == SHAPE:
        return _("Write the line as service | link | quantity.")
    limit = None if refused.limit is None else format_number(refused.limit, get_language())
    field = LABELS.get(refused.field, refused.field)
    return describe(OrderRefused(refused.code, field=field, limit=limit, example=refused.example))
