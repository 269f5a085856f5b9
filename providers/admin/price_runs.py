"""Changes of many prices: choosing services, the rule with its preview, confirming and undoing."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.admin.catalogue import ServiceAdmin
from orders.admin.service_events import service_link
from panel.admin_site.columns import moment_column, number_column
from panel.admin_site.following_jobs import follow_job
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.jobs.models import Job
from panel.jobs.showing import view_job
from panel.lib.dates import read_digits
from providers.admin.price_forms import ChoiceForm, RuleForm
from providers.models import PriceRun, PriceRunRow
from providers.repricing.applying import TooLate, can_undo, confirm_run, undo_run
from providers.repricing.planning import (
    CHANGES,
    WARNINGS,
    RunMoved,
    count_rows,
    draft_run,
    plan_run,
    warnings_of,
)

MAY_REPRICE = "providers.add_pricerun"
ROWS = 50
WARNING_WORDS = {
    "below_cost": _("below cost"),
    "free": _("price 0"),
    "doubled": _("more than double"),
    "unknown": _("stays: no price comes of the rule"),
}
OUTCOME_WORDS = {
    "applied": _("applied"),
    "passed": _("left alone, changed meanwhile"),
    "undone": _("undone"),
    "kept": _("kept, changed since"),
}


@admin.register(PriceRun)
class PriceRunAdmin(ViewOnlyAdmin):
    """All changes of many prices; one's page is its preview first and its report afterwards."""

    list_display = (
        "id",
        "method",
        "value",
        "reason",
        "state",
        "owner",
        moment_column("created", _("created")),
        moment_column("confirmed_at", _("confirmed")),
    )
    list_filter = ("state", "method")
    list_select_related = ("owner",)
    ordering = ("-id",)

    def has_add_permission(self, request):
        return request.user.has_perm(MAY_REPRICE)

    def add_view(self, request, form_url="", extra_context=None):
        """Which services: by category, kind and provider."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ChoiceForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return _begin(request, form.cleaned_data["services"])
        values = {**self.admin_site.each_context(request), "opts": self.opts, "form": form}
        return TemplateResponse(
            request, "admin/price_run_add.html", values | {"title": _t("Change many prices")}
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The rule and what it would do; a POST plans, confirms or undoes."""
        may_change = self.has_add_permission(request)
        if not may_change and (request.method == "POST" or not self.has_view_permission(request)):
            raise PermissionDenied
        run = get_object_or_404(PriceRun, pk=read_digits(object_id) or 0)
        if "confirm" in request.POST or "undo" in request.POST:
            return self._start(request, run)
        form = RuleForm(request.POST if "plan" in request.POST else None, instance=run)
        if form.is_bound and form.is_valid():
            return _plan(request, run, form)
        return self._show(request, PriceRun.objects.get(pk=run.pk), form)

    def _start(self, request, run):
        undo = "undo" in request.POST
        words = _t("The old prices are put back.") if undo else _t("The new prices are applied.")
        revision = read_digits(request.POST.get("revision", "")) or 0

        def start():
            with transaction.atomic():  # the work and its line in the log, or neither
                job = (undo_run if undo else confirm_run)(run.pk, revision)
                self.log_change(request, run, words)
            return job

        try:
            return follow_job(request, start, request.path)
        except RunMoved:
            messages.error(request, _t("It has changed since you looked. Look again, then decide."))
        except TooLate:
            words = _t("It can't be undone now: it is at work, undone already, or a day has passed.")
            messages.error(request, words)
        return HttpResponseRedirect(request.path)

    def _show(self, request, run, form):
        shown = request.GET.get("show", "")
        rows = run.rows.filter(service__gt=read_digits(request.GET.get("after", "")) or 0)
        rows = _filter_rows(rows, shown).select_related("service").order_by("service")
        rows = list(rows[: ROWS + 1])
        job = run.job and Job.objects.filter(pk=run.job).first()
        counts = count_rows(run)
        words = OUTCOME_WORDS if run.confirmed_at else WARNING_WORDS
        values = {
            **self.admin_site.each_context(request),
            "title": _t("Change of many prices"),
            "opts": self.opts,
            "run": run,
            "form": form,
            "may_change": self.has_add_permission(request),
            "can_undo": bool(run.confirmed_at) and can_undo(run),
            "jobs": [view_job(job)] if job else [],
            "counts": counts,
            "filters": [(name, label, counts[name]) for name, label in words.items() if counts[name]],
            "shown": shown,
            "rows": [_describe(row, bool(run.method)) for row in rows[:ROWS]],
            "after": rows[ROWS - 1].service_id if len(rows) > ROWS else None,
            "paged": "after" in request.GET,
        }
        return TemplateResponse(request, "admin/price_run.html", values)


@admin.register(PriceRunRow)
class PriceRunRowAdmin(ViewOnlyAdmin):
    """What became of a service's price in all changes of many: found by the service's number."""

    list_display = (
        "id",
        service_link,
        "run",
        number_column("old", _("price before")),
        number_column("new", _("price after")),
        number_column("cost", _("cost in toman")),
        "outcome",
    )
    list_select_related = ("service", "run")
    list_filter = ("outcome",)
    search_fields = ("=service__id",)
    ordering = ("-id",)
    fields = readonly_fields = list_display[1:]


def _filter_rows(rows, shown):
    if shown == "change":
        return rows.filter(CHANGES)
    if shown in WARNINGS:
        return rows.filter(WARNINGS[shown])
    return rows.filter(outcome=shown) if shown in OUTCOME_WORDS else rows


def _describe(row, is_planned):
    """A row of the table: margin in percent of the cost, and the words of its warnings and outcome."""
    priced = is_planned and row.new is not None
    margin = round(100 * (row.new - row.cost) / row.cost) if priced and row.cost else None
    warnings = [WARNING_WORDS[name] for name in warnings_of(row)] if is_planned else []
    return {"row": row, "margin": margin, "warnings": warnings, "outcome": OUTCOME_WORDS.get(row.outcome, "")}


def _begin(request, services):
    """Draft a change of these services and go on to its page."""
    run = draft_run(request.user.pk, services)
    return HttpResponseRedirect(reverse("admin:providers_pricerun_change", args=[run.pk]))


def _plan(request, run, form):
    try:
        plan_run(run.pk, form.read_rule(), form.cleaned_data["reason"], form.cleaned_data["revision"])
    except RunMoved:
        messages.error(request, _t("It has changed since you looked. Look again, then decide."))
    return HttpResponseRedirect(request.path)


@admin.action(description=_("Change prices…"), permissions=["reprice"])
def change_prices(model_admin, request, queryset):
    """Go on to the rule for the chosen services, or for all that the filters show."""
    return _begin(request, queryset)


# The catalogue knows nothing of costs, so the action is put on its list from here.
ServiceAdmin.has_reprice_permission = staticmethod(lambda request: request.user.has_perm(MAY_REPRICE))
ServiceAdmin.actions = (*ServiceAdmin.actions, change_prices)
