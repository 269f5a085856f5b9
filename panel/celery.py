"""The Celery application: wake-up calls between processes; the rows of the database are the queue."""

import os

from celery import Celery
from celery.signals import task_postrun, task_prerun

from panel.lib import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")

app = Celery("panel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _begin_task(task_id, **_signal):
    """Every line that a task logs names it."""
    tracing.begin(task=task_id)


@task_postrun.connect
def _end_task(**_signal):
    tracing.begin()
