"""Carrying an erasure out: access ends first, then the rows of each application, batch by batch, the person last.

Every step is safe to do twice, so a worker that dies in the middle is simply followed by another. Amounts, times and
numbers stay: the book and the statistics are as they were.
"""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from panel.accounts.models import Customer
from panel.lib.personal import end_access, find_obstacles, list_personal
from panel.personal.models import Erasure

log = logging.getLogger(__name__)
BATCH = 1_000
LATER = timedelta(days=1)  # until what stands in the way is looked at again
State = Erasure.State


def erase_due():
    """Carry out what is due; returns how many customers were erased."""
    due = Erasure.objects.filter(state__in=Erasure.LIVE, due_at__lte=timezone.now())
    return sum(erase(pk) for pk in due.order_by("due_at").values_list("pk", flat=True))


def erase(pk):
    """Carry one Erasure out; False where it may not begin: it was taken back, or something was opened meanwhile."""
    if not _begin(pk):
        return False
    erasure = Erasure.objects.select_related("customer").get(pk=pk)
    for part in list_personal():
        _erase_part(part, erasure.customer)
    Erasure.objects.filter(pk=pk).update(state=State.DONE, done_at=timezone.now())
    log.info("customer %s was erased", erasure.customer_id)
    return True


def _begin(pk):
    """End the customer's access; from then on nothing new comes to be."""
    with transaction.atomic():
        customer_id = Erasure.objects.values_list("customer_id", flat=True).get(pk=pk)
        customer = Customer.objects.select_for_update().get(pk=customer_id)
        erasure = Erasure.objects.select_for_update().get(pk=pk)
        if erasure.state == State.RUNNING:
            return True
        if erasure.state != State.WAITING:
            return False
        if customer.is_staff or find_obstacles(customer_id):
            erasure.due_at = timezone.now() + LATER
            erasure.save(update_fields=["due_at"])
            return False
        end_access(customer)
        erasure.state, erasure.begun_at = State.RUNNING, timezone.now()
        erasure.save(update_fields=["state", "begun_at"])
        return True


def _erase_part(part, customer):
    if not (part.deleted or part.wiped):
        return
    last = None
    while True:
        rows = part.find(customer).order_by("pk")
        rows = rows if last is None or part.deleted else rows.filter(pk__gt=last)
        ids = list(rows.values_list("pk", flat=True).distinct()[:BATCH])
        if not ids:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL panel.erasing = 'on'")  # the log of staff lets its words be emptied
            found = rows.model._base_manager.filter(pk__in=ids)
            if part.deleted:
                found.delete()
            else:
                found.update(**part.wiped)
        last = ids[-1]
