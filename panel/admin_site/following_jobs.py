"""Pages of the admin that start long work: they lead to its progress."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t

from panel.jobs.starting import TooManyJobs


def follow_job(request, start, back):
    """Call `start()` for its Job and go on to that one's page; to `back` with words where it raises TooManyJobs."""
    try:
        job = start()
    except TooManyJobs:
        messages.error(
            request, _t("You have several pieces of work running. Wait until one of them is done.")
        )
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job.pk]))
