"""What pages tell of a job, for its owner and in the admin."""

from dataclasses import dataclass

from django.utils.text import capfirst

from panel.jobs.kinds import find_job_kind
from panel.jobs.models import Job

# A state is always an icon, a word and a colour: (icon, tone) here, the word from the model.
LOOKS = {
    Job.State.QUEUED: ("hourglass", "muted"),
    Job.State.RUNNING: ("loader", "info"),
    Job.State.DONE: ("circle-check", "success"),
    Job.State.FAILED: ("triangle-alert", "danger"),
    Job.State.CANCELED: ("ban", "muted"),
}


@dataclass(frozen=True, slots=True)
class JobView:
    """`words` say what came of it, once it is done; `back` is the address of the page it was started on, or ""."""

    job: Job
    label: str
    icon: str
    tone: str
    words: str
    back: str


def view_job(job):
    """The JobView of a Job; kinds that are no longer known are shown by their name."""
    icon, tone = LOOKS[Job.State(job.state)]
    try:
        kind = find_job_kind(job.kind)
    except KeyError:
        return JobView(job, job.kind, icon, tone, "", "")
    words = str(kind.describe(job)) if job.state == Job.State.DONE else job.error
    return JobView(job, capfirst(str(kind.label)), icon, tone, words, kind.back(job))
