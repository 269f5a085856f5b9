"""The long work that this application does as jobs, and how it is worded."""

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.jobs.kinds import JobKind, add_job_kind
from panel.lib.dates import format_number
from panel.lib.language import page_language
from providers.repricing import applying
from providers.sync import jobs as syncing
from providers.sync.running import Outcome


def add_kinds():
    """Make them known; called once, when the application is ready."""
    add_job_kind(
        JobKind(syncing.READ, _("reading a provider's list"), syncing.read_list, _say_read, _import_page)
    )
    add_job_kind(
        JobKind(
            syncing.IMPORT, _("import of services"), syncing.import_categories, _say_imported, _import_page
        )
    )
    add_job_kind(
        JobKind(applying.APPLY, _("change of many prices"), applying.apply_prices, _say_applied, _run_page)
    )
    add_job_kind(
        JobKind(
            applying.UNDO, _("undoing a change of many prices"), applying.undo_prices, _say_undone, _run_page
        )
    )


def say_imported(count):
    """The sentence about `count` imported services."""
    words = ngettext("%(count)s service was imported.", "%(count)s services were imported.", count)
    return words % {"count": _digits(count)}


def _say_read(job):
    outcome = Outcome(job.result["outcome"])
    if outcome is Outcome.BUSY:
        return _t("The list was being read already. Look at the import page in a minute.")
    if outcome is Outcome.DOUBTED:
        return _t("More than half of the services are missing in the list, so nothing was changed.")
    count = job.result["listed"]
    words = ngettext(
        "The list was read: it has %(count)s service.", "The list was read: it has %(count)s services.", count
    )
    return words % {"count": _digits(count)}


def _say_imported(job):
    said, left = say_imported(job.result["made"]), job.result["left"]
    if not left:
        return said
    words = ngettext(
        "%(count)s service was left on the list: its type isn't sold here, or its price or bounds can't be read.",
        "%(count)s services were left on the list: their types aren't sold here, or their prices or bounds"
        " can't be read.",
        left,
    )
    return f"{said} {words % {'count': _digits(left)}}"


def _say_applied(job):
    changed, passed = job.result["changed"], job.result["passed"]
    words = ngettext("%(count)s price was changed.", "%(count)s prices were changed.", changed)
    said = words % {"count": _digits(changed)}
    if not passed:
        return said
    words = ngettext(
        "%(count)s was left alone: it had another price than the one you looked at.",
        "%(count)s were left alone: they had other prices than the ones you looked at.",
        passed,
    )
    return f"{said} {words % {'count': _digits(passed)}}"


def _say_undone(job):
    changed, kept = job.result["changed"], job.result["passed"]
    words = ngettext("%(count)s old price is back.", "%(count)s old prices are back.", changed)
    said = words % {"count": _digits(changed)}
    if not kept:
        return said
    words = ngettext(
        "%(count)s was kept: its price was changed since.",
        "%(count)s were kept: their prices were changed since.",
        kept,
    )
    return f"{said} {words % {'count': _digits(kept)}}"


def _import_page(job):
    return reverse("admin:providers_import", args=[job.params["provider"]])


def _run_page(job):
    return reverse("admin:providers_pricerun_change", args=[job.params["run"]])


def _digits(number):
    return format_number(number, page_language())
