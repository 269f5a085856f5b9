"""What of long work is about a person: all of it is theirs, and its files are copies, also those that staff made."""

from django.db.models import Q

from panel.lib.personal import Personal, add_impersonal, add_personal


def _jobs(customer):
    return Q(owner=customer.pk) | Q(params__customer=customer.pk)


PARTS = (
    Personal(
        "jobs.Job", rows=_jobs, deleted=True, exported=("kind", "state", "file_name", "created", "ended_at")
    ),
)


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_impersonal("goes with its job", "jobs.FilePart")
