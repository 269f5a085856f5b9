"""Statements as files that a job makes: the table of a wallet's transfers, or the document of one of its months."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from panel.jobs.kinds import JobKind
from panel.jobs.running import JobFailed
from panel.jobs.starting import start_job
from panel.lib.dates import format_moment, format_number
from panel.lib.documents import PDF_TYPE
from panel.lib.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from panel.wallet.monthly_statements import draw_statement, list_entries, make_statement
from panel.wallet.months import Month
from panel.wallet.statement import Span, find_wallet, list_all

KIND = "statement"
TABLES = {"csv": (write_csv, CSV_TYPE), "xlsx": (write_xlsx, XLSX_TYPE)}
AT_A_GLANCE = 100  # transfers of a month that a document is drawn of at once
PDF_MOST = 20_000  # a document is laid out in memory, and nobody reads more


@dataclass(frozen=True, slots=True)
class TableWish:
    """Which transfers of which wallet: the Span, and a kind or ""."""

    currency: str
    span: Span
    kind: str = ""


def start_table(customer_id, wish, file_format, key):
    """The Job that makes the table as `csv` or `xlsx`. Raises KeyError for other formats, and TooManyJobs."""
    TABLES[file_format]
    params = {"currency": wish.currency, "format": file_format, "kind": wish.kind}
    return start_job(customer_id, KIND, params | {"after": wish.span.after, "upto": wish.span.upto}, key)


def start_document(customer_id, month, key):
    """The Job that makes the document of a Month. Raises TooManyJobs."""
    return start_job(customer_id, KIND, {"year": month.year, "month": month.month, "format": "pdf"}, key)


def is_big(statement):
    """Whether the document of a Statement takes so long that it has to be a job."""
    return len(list(list_entries(statement, most=AT_A_GLANCE + 1))) > AT_A_GLANCE


def make_file(run):
    """The job's work."""
    account = find_wallet(run.job.owner_id, run.params.get("currency", "toman"))
    if account is None:
        raise JobFailed(_("Nothing has moved in this wallet yet."))
    if run.params["format"] == "pdf":
        _make_document(run, account)
    else:
        _make_table(run, account)


def _make_document(run, account):
    month = Month(run.params["year"], run.params["month"])
    statement = make_statement(account, month)
    if len(list(list_entries(statement, most=PDF_MOST + 1))) > PDF_MOST:
        raise JobFailed(_("This month has too many transfers for a document. Export it as a table instead."))
    written = 0

    def tell(count):
        nonlocal written
        written = count
        run.tell(count)

    run.write(draw_statement(statement, get_language(), tell))
    run.finish({"rows": written}, f"statement-{month}.pdf", PDF_TYPE)


def _make_table(run, account):
    write, media_type = TABLES[run.params["format"]]
    span, written = Span(run.params["after"], run.params["upto"]), 0

    def rows():
        nonlocal written
        for written, entry in enumerate(list_all(account, span, run.params["kind"]), 1):
            run.tell(written)
            yield _list_cells(entry)

    header = [
        _("Transfer"),
        _("Date"),
        _("What for"),
        _("Number"),
        _("Note"),
        _("Amount"),
        _("Balance after"),
    ]
    write(header, rows(), run.write)
    name = f"{run.params['currency']}-statement.{run.params['format']}"
    run.finish({"rows": written}, name, media_type)


def _list_cells(entry):
    moment = format_moment(entry.created, get_language())
    return [
        entry.id,
        moment,
        capfirst(str(entry.label)),
        entry.topic_id,
        entry.note,
        entry.moved,
        entry.balance,
    ]


def _describe(job):
    count = (job.result or {}).get("rows", 0)
    words = ngettext("The file has %(count)s transfer.", "The file has %(count)s transfers.", count)
    return words % {"count": format_number(count, get_language())}


STATEMENT_FILE = JobKind(
    KIND,
    gettext_lazy("statement of a wallet"),
    make_file,
    _describe,
    lambda job: reverse("dashboard:statements"),
)
