"""Many orders in one form: a line each, all of them or none; checked and priced first."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.mass import MAX_LINES, SHAPE, LineAnswer, TooManyLines, place_mass_order
from orders.models import Order
from orders.refusals import OrderRefused, PriceRose, Refusal, describe
from panel.dashboard.access import customer_required
from panel.dashboard.context import read_own_balance
from panel.dashboard.order_form import LABELS
from panel.lib.dates import format_number, read_digits
from panel.lib.form_keys import new_form_key, read_form_key


@dataclass(frozen=True, slots=True)
class Row:
    """A line's answer as the page shows it: toman that it costs, where that is known, and its refusal's sentence."""

    answer: LineAnswer
    charge: int | None
    error: str


@customer_required
def mass_order(request):
    """The form (GET); checking its lines and, unless asked to `check` them alone, placing them (POST)."""
    if request.method != "POST":
        return _show(request)
    text = request.POST.get("lines", "")
    key = read_form_key(request)
    only_check = "check" in request.POST
    at_most = read_digits(request.POST.get("at_most", ""))
    try:
        answers = place_mass_order(
            request.user.pk, Order.Channel.DASHBOARD, text, key, only_check=only_check, at_most=at_most
        )
    except TooManyLines:
        limit = format_number(MAX_LINES, get_language())
        words = _("There are too many lines. Send at most %(limit)s at once.") % {"limit": limit}
        return _show(request, text, key, error=words)
    except PriceRose as rose:
        amount = format_number(rose.charge, get_language())
        words = _("The lines cost %(amount)s toman by now. Nothing was charged. Look at the prices again.")
        return _show(request, text, key, error=words % {"amount": amount})
    except OrderRefused as refused:
        return _show(request, text, key, error=describe(refused))
    if not answers:
        return _show(request, text, key, error=_("There is no line. Write at least one order."))
    if all(answer.placed for answer in answers):
        return _show(request, rows=_describe(answers), placed=True)
    rows = _describe(answers)
    if only_check and not any(answer.refused for answer in answers):
        return _show(request, text, key, rows)
    reused = any(answer.refused and answer.refused.code is Refusal.KEY_REUSED for answer in answers)
    words = _(
        "No order was placed and nothing was charged. Correct the lines marked below and send them again."
    )
    return _show(request, text, "" if reused else key, rows, words)


def _show(request, text="", form_key="", rows=(), error="", placed=False):
    total = sum(row.charge or 0 for row in rows)
    context = {
        "text": text,
        "form_key": form_key or new_form_key(),
        "rows": rows,
        "error": error,
        "placed": placed,
        "ready": bool(rows) and not placed and not error,
        "total": total,
        "missing": max(0, total - read_own_balance(request)) if rows and not placed else 0,
        "most": MAX_LINES,
    }
    if request.htmx:  # which shows what is answered with 200, and nothing else
        return render(request, "dashboard/mass_order_box.html", context)
    return render(request, "dashboard/mass_order.html", context, status=422 if error else 200)


def _describe(answers):
    """The Rows; charges of orders are read again, since a form that was sent twice knows its orders alone."""
    placed = [answer.placed.order_id for answer in answers if answer.placed]
    charges = dict(Order.objects.filter(pk__in=placed).values_list("pk", "charge")) if placed else {}
    return [
        Row(
            answer,
            charges[answer.placed.order_id] if answer.placed else answer.charge,
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
