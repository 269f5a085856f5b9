"""Beat's work on jobs."""

from celery import shared_task

from panel.jobs import running


@shared_task(name="panel.jobs.tasks.run_jobs")
def run_jobs():
    """Run what waits; how many run at once is counted in the database."""
    running.run_jobs()


@shared_task(name="panel.jobs.tasks.purge_jobs")
def purge_jobs():
    """Delete old jobs and their files."""
    running.purge_jobs()
