"""Celery's work on the outbox."""

from celery import shared_task

from panel.lib.single import single_run
from sms import delivery, expiry, keys, retention, schedules, sending


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
    expiry.expire_messages()


@shared_task(name="sms.tasks.run_schedules")
@single_run
def run_schedules():
    """Queue the scheduled sends whose time has come."""
    schedules.run_due_sends()


@shared_task(name="sms.tasks.purge_keys")
def purge_keys():
    """Forget the keys of sends that were made long ago."""
    keys.purge_keys()


@shared_task(name="sms.tasks.wipe_texts")
@single_run
def wipe_texts():
    """Forget the texts of messages of long ago."""
    retention.wipe_texts()
