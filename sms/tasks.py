"""Celery's work on the outbox."""

from celery import shared_task

from panel.lib.single import single_run
from sms import delivery, sending


@shared_task(name="sms.tasks.send_messages")
@single_run
def send_messages():
    """Send the messages that are due."""
    sending.send_messages()


@shared_task(name="sms.tasks.poll_deliveries")
@single_run
def poll_deliveries():
    """Ask how far the sent messages got."""
    delivery.poll_deliveries()


@shared_task(name="sms.tasks.expire_messages")
@single_run
def expire_messages():
    """Wipe the texts of messages that expired."""
    sending.expire_messages()
