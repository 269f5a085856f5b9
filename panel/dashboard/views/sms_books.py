"""The customer's phonebooks: the list, one with its numbers, and filling it by hand or from a file."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import PAGE_SIZE, cut_page, read_cursor
from panel.dashboard.sms.notices import describe_refusal, find_standing
from panel.dashboard.sms.progress import write_filter
from panel.dashboard.sms.recipients import read_typed, split_entries
from panel.lib.dates import format_number
from panel.lib.mobile import national_mobile
from sms import phonebooks
from sms.gateway.codes import PhonebookState
from sms.import_files import MAX_BYTES
from sms.imports import FAULT_WORDS, ImportRefused, import_file
from sms.models import PhonebookImport
from sms.refusals import SmsRefused

IMPORTS_SHOWN = 5
FAULTS_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def list_books(request):
    """The list with the form for one more (GET), and making it (POST)."""
    if request.method != "POST":
        return _show_list(request)
    name = _read(request, "name")
    try:
        book = phonebooks.create_book(request.user.pk, name)
    except SmsRefused as refused:
        return _show_list(request, name, describe_refusal(refused))
    messages.success(request, _("The phonebook is there. Add its numbers."))
    return redirect("dashboard:sms_book", book.pk)


@require_safe
@customer_required
def show_book(request, book_id):
    """One phonebook with its numbers."""
    return _show_book(request, _find(request, book_id))


@require_POST
@customer_required
def rename(request, book_id):
    """Give the phonebook another name."""
    book, name = _find(request, book_id), _read(request, "name")
    try:
        phonebooks.rename_book(request.user.pk, book_id, name)
    except SmsRefused as refused:
        return _show_book(request, book, {"name": name}, {"name": _word(refused)})
    messages.success(request, _("The phonebook has its new name."))
    return redirect("dashboard:sms_book", book_id)


@require_POST
@customer_required
def delete(request, book_id):
    """Delete the phonebook with its numbers."""
    try:
        phonebooks.delete_book(request.user.pk, book_id)
    except SmsRefused as refused:
        _word(refused)
        raise
    messages.success(request, _("The phonebook is deleted."))
    return redirect("dashboard:sms_books")


@require_POST
@customer_required
def add(request, book_id):
    """Add typed numbers: all of them, or none and the lines that are no mobiles."""
    book, text = _find(request, book_id), _read(request, "numbers")
    typed = read_typed(split_entries(text))
    if typed.bad:
        errors = {"numbers": _("No number was added: correct these lines."), "typed": typed}
        return _show_book(request, book, {"numbers": text}, errors)
    try:
        added = phonebooks.add_numbers(request.user.pk, book_id, typed.numbers, skip_known=True)
    except SmsRefused as refused:
        return _show_book(request, book, {"numbers": text}, {"numbers": _word(refused)})
    words = ngettext("%(count)s number is added.", "%(count)s numbers are added.", added)
    if added < len(typed.numbers):
        words = " ".join((words, _("The others were there already.")))
    messages.success(request, words % {"count": format_number(added, get_language())})
    return redirect("dashboard:sms_book", book_id)


@require_POST
@customer_required
def remove(request, book_id):
    """Take one number out."""
    _find(request, book_id)
    try:
        phonebooks.remove_numbers(request.user.pk, book_id, [_read(request, "number")], skip_unknown=True)
    except SmsRefused as refused:
        messages.error(request, _word(refused))
    else:
        messages.success(request, _("The number is removed."))
    return redirect("dashboard:sms_book", book_id)


@require_POST
@customer_required
def import_numbers(request, book_id):
    """Fill the phonebook from a file, and show what became of its lines."""
    book, file = _find(request, book_id), request.FILES.get("file")
    if file is None:
        return _show_book(request, book, {}, {"file": _("Choose a file.")})
    try:
        done = import_file(request.user.pk, book_id, file, file.name)
    except ImportRefused as refused:
        return _show_book(request, book, {}, {"file": str(refused)})
    except SmsRefused as refused:
        return _show_book(request, book, {}, {"file": _word(refused)})
    return redirect("dashboard:sms_book_import", book_id, done.pk)


@require_safe
@customer_required
def show_import(request, book_id, import_id):
    """What became of a file: how many were added, and which lines were not taken and why."""
    book = _find(request, book_id)
    done = get_object_or_404(PhonebookImport, pk=import_id, book_id=book.pk)
    faults = [(line, text, FAULT_WORDS.get(why, why)) for line, text, why in done.faults[:FAULTS_SHOWN]]
    more = done.bad + done.duplicates - len(faults)
    return render(
        request,
        "dashboard/sms/book_import.html",
        {"book": book, "done": done, "faults": faults, "more": max(0, more)},
    )


def _find(request, book_id):
    try:
        return phonebooks.find_book(request.user.pk, book_id)
    except SmsRefused as refused:
        raise Http404 from refused


def _word(refused):
    """The refusal as a sentence; a phonebook that is gone, or another's, is no page. Raises Http404."""
    if refused.code is PhonebookState.NOT_FOUND:
        raise Http404 from refused
    return describe_refusal(refused)


def _read(request, name):
    return request.POST.get(name, "").replace("\x00", "")


def _show_list(request, name="", error=""):
    context = {
        "standing": find_standing(request.user),
        "books": phonebooks.list_books(request.user.pk),
        "name": name,
        "longest": phonebooks.MAX_NAME,
        "error": error,
    }
    return render(request, "dashboard/sms/books.html", context, status=422 if error else 200)


def _show_book(request, book, given=None, errors=None):
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    before = read_cursor(request)
    after = None if before is None else f"+{before}"
    if words:
        rows = phonebooks.find_numbers(book, words, after, PAGE_SIZE + 1)
    else:
        rows = phonebooks.list_numbers(book, after, PAGE_SIZE + 1)
    for row in rows:
        row.shown = national_mobile(row.number)
    page = cut_page(rows, before is None, cursor=lambda row: row.number.removeprefix("+"))
    context = {
        "book": book,
        "count": next(iter(phonebooks.list_books(request.user.pk, book.name)), None),
        "page": page,
        "words": words,
        "filter": write_filter(q=words),
        "imports": PhonebookImport.objects.filter(book=book).defer("faults").order_by("-pk")[:IMPORTS_SHOWN],
        "longest": phonebooks.MAX_NAME,
        "most_megabytes": MAX_BYTES // 1024**2,
        "given": given or {},
        "errors": errors or {},
    }
    return render(request, "dashboard/sms/book.html", context, status=422 if errors else 200)
