"""Wake-up calls to the workers, at most a few a second for each task from each process.

The database rows are the queue, so a call only says "look". Sending one for each order would cost more than
placing it; a lost one is made good by beat's sweep.
"""

import logging

from celery import current_app
from django.db import transaction

from panel.lib.background import Background

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.1
_wanted = set()


def load_publisher():
    """Import what publishing needs, half a second's work, before the first order has to wait beside it."""
    current_app.finalize()
    current_app.connection_for_write().transport  # noqa: B018 - loads the transport; connects to nothing


def wake(task):
    """Ask for a run of the Celery task of that name soon after the current transaction commits."""
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: _want(task))
    else:
        _want(task)


def _want(task):
    _wanted.add(task)
    _background.ask()


def _send_wanted():
    while _wanted:
        _send(_wanted.pop())


def _send(task):
    try:
        current_app.send_task(task, ignore_result=True, expires=60)
    except Exception as error:  # noqa: BLE001 - whatever the broker's trouble is, the sweep finds the rows
        log.warning("wake-up %s was not sent: %s", task, type(error).__name__)


_background = Background("wakeups", _send_wanted, PAUSE_SECONDS)
