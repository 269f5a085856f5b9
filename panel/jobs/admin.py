"""The admin pages of long work: staff see everybody's, with its progress, and may cancel it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.jobs.models import Job
from panel.jobs.showing import view_job
from panel.jobs.starting import cancel_job


@admin.display(description=_("work"))
def work(job):
    """What it does, in words."""
    return view_job(job).label


@admin.register(Job)
class JobAdmin(ViewOnlyAdmin):
    """Whoever started long work in the admin finds it here; others need the right to see jobs."""

    list_display = (
        work,
        "owner",
        "state",
        number_column("done", _("steps done")),
        number_column("total", _("steps in all")),
        moment_column("created", _("created")),
        moment_column("ended_at", _("ended")),
    )
    list_select_related = ("owner",)
    list_filter = ("state", "kind")
    ordering = ("-created",)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The progress instead of a form; a POST cancels."""
        job = get_object_or_404(Job.objects.select_related("owner"), pk=object_id)
        if job.owner_id != request.user.pk and not self.has_view_permission(request, job):
            raise PermissionDenied
        if request.method == "POST" and "cancel" in request.POST:
            return self._cancel(request, job)
        view = view_job(job)
        context = {"view": view, "job_page": request.path}
        if request.headers.get("HX-Request"):
            return TemplateResponse(request, "parts/job.html", context)
        context |= {**self.admin_site.each_context(request), "title": view.label, "opts": self.opts}
        return TemplateResponse(request, "admin/job.html", context)

    def _cancel(self, request, job):
        if job.owner_id != request.user.pk and not request.user.has_perm("jobs.change_job"):
            raise PermissionDenied
        if cancel_job(job):
            self.log_change(request, job, _t("Canceled."))
            messages.success(request, _t("It is canceled."))
        else:
            messages.info(request, _t("It had ended before."))
        return HttpResponseRedirect(request.path)
