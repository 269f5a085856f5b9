"""The customer's long work: what runs, how far it is, and the files it made."""

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from panel.dashboard.access import customer_required
from panel.jobs.models import Job
from panel.jobs.showing import view_job
from panel.jobs.starting import cancel_job, read_file

SHOWN = 50


@require_safe
@customer_required
def list_jobs(request):
    """The newest of them; they are kept for a week after their end."""
    jobs = Job.objects.filter(owner_id=request.user.pk).order_by("-created")[:SHOWN]
    return render(request, "dashboard/jobs.html", {"views": [view_job(job) for job in jobs]})


@require_safe
@customer_required
def show_job(request, job_id):
    """One of them with its progress; 404 for anybody else's."""
    job = _find(request, job_id)
    template = "parts/job.html" if request.htmx else "dashboard/job.html"
    return render(request, template, {"view": view_job(job), "job_page": request.path})


@require_safe
@customer_required
def send_file(request, job_id):
    """The file that it made, as a download."""
    job = get_object_or_404(Job, pk=job_id, owner_id=request.user.pk, state=Job.State.DONE, file_bytes__gt=0)
    response = StreamingHttpResponse(read_file(job), content_type=job.media_type)
    response["Content-Length"] = job.file_bytes
    response["Content-Disposition"] = content_disposition_header(True, job.file_name)
    return response


@require_POST
@customer_required
def cancel(request, job_id):
    """End it, and go back to its page."""
    if cancel_job(_find(request, job_id)):
        messages.success(request, _("It is canceled."))
    else:
        messages.info(request, _("It had ended before."))
    return redirect("dashboard:job", job_id)


def _find(request, job_id):
    return get_object_or_404(Job, pk=job_id, owner_id=request.user.pk)
