"""The wallet's statements as files: a document for each month, and tables of what a filter shows."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.statement import choose_span, read_filter
from panel.jobs.starting import TooManyJobs
from panel.lib.dates import read_digits
from panel.lib.documents import PDF_TYPE
from panel.lib.form_keys import new_form_key, read_form_key
from panel.wallet.models import Currency
from panel.wallet.monthly_statements import draw_statement, make_statement, name_month
from panel.wallet.months import Month, find_month, read_month
from panel.wallet.statement import EVERYTHING, find_wallet, sum_between
from panel.wallet.statement_files import TABLES, TableWish, is_big, start_document, start_table

MONTHS = 24


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of the list: what came and went in it, in toman."""

    month: Month
    name: str
    gained: int
    spent: int


def send_pdf(content, name):
    """The answer that hands a PDF out as a download; `name` is ours, never a customer's words."""
    response = HttpResponse(content, content_type=PDF_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
@customer_required
def list_statements(request):
    """The months since the customer came, newest first, of the calendar of the page's language."""
    context = {"months": _list_months(request), "export_key": new_form_key(), "currency": Currency.TOMAN}
    return render(request, "dashboard/statements.html", context)


@require_safe
@customer_required
def send_month(request, year, month):
    """A month's document; one with many transfers is offered as long work instead."""
    try:
        wanted = read_month(year, month)
    except ValueError:
        raise Http404 from None
    wallet = find_wallet(request.user.pk)
    if wallet is None:
        raise Http404
    wallet.owner = request.user
    statement = make_statement(wallet, wanted)
    if is_big(statement):
        context = {"month": wanted, "name": name_month(wanted, get_language()), "export_key": new_form_key()}
        return render(request, "dashboard/statement_big.html", context)
    return send_pdf(draw_statement(statement, get_language()), f"statement-{wanted}.pdf")


@require_POST
@customer_required
def start_month(request):
    """Start the job that makes a month's document."""
    numbers = [read_digits(request.POST.get(name, "")) for name in ("year", "month")]
    try:
        wanted = read_month(*(number or 0 for number in numbers))
    except ValueError:
        return HttpResponseBadRequest()
    return _start(request, lambda key: start_document(request.user.pk, wanted, key))


@require_POST
@customer_required
def export(request):
    """Start the job that makes a table of what the wallet page's filter shows."""
    file_format, currency = request.POST.get("format", ""), request.POST.get("currency", "")
    wanted = read_filter(request.POST)
    if file_format not in TABLES or currency not in Currency.values or wanted.errors:
        return HttpResponseBadRequest()
    wallet = find_wallet(request.user.pk, currency)
    span = EVERYTHING if wallet is None else choose_span(wallet, wanted)
    wish = TableWish(currency, span, wanted.kind)
    return _start(request, lambda key: start_table(request.user.pk, wish, file_format, key))


def _start(request, start):
    key = read_form_key(request, "key")
    try:
        job = start(f"statement:{key}")
    except TooManyJobs:
        messages.error(
            request, _("Several of your exports are still running. Wait for one to end, or cancel it.")
        )
        return redirect("dashboard:jobs")
    return redirect("dashboard:job", job.pk)


def _list_months(request):
    wallet, language = find_wallet(request.user.pk), get_language()
    if wallet is None:
        return []
    last, first = find_month(timezone.now(), language), find_month(request.user.created, language)
    months = [month for ago in range(MONTHS) if (month := last.step(-ago)) >= first]
    sums = sum_between(wallet, [*(month.begin for month in reversed(months)), None])
    pairs = zip(months, reversed(sums), strict=True)
    return [MonthLine(month, name_month(month, language), *moved) for month, moved in pairs]
