"""The project: settings, processes and what belongs to a customer."""

from panel.celery import app as celery_app

__all__ = ["celery_app"]
