"""Event rows: how a lower layer speaks upward.

The statement that changes something inserts its event. A worker claims events nobody handled and sends one
Django signal for each inside the claiming transaction, each event in a savepoint; receivers only insert
rows. So all effects of an event commit together, exactly once, and nobody below knows who listens.
"""

import logging

from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)
MAX_FAILURES = 5
event_set_aside = Signal()  # event: one whose effects failed MAX_FAILURES times; operators have to know


class Event(models.Model):
    """One thing that happened. `handled_at` is set with its effects; after MAX_FAILURES it is set aside."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=32)
    data = models.JSONField(
        _("details"), default=dict, db_default=models.Value({}, output_field=models.JSONField())
    )
    created = models.DateTimeField(_("created"), db_default=models.functions.Now())
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0, db_default=0)
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)

    class Meta:
        abstract = True


def event_indexes(name):
    """The partial indexes that keep claiming, and counting what was set aside, cheap however many were handled."""
    return [
        models.Index(
            fields=["id"], name=f"{name}_unhandled", condition=models.Q(handled_at=None, set_aside_at=None)
        ),
        models.Index(
            fields=["set_aside_at"], name=f"{name}_set_aside", condition=models.Q(set_aside_at__isnull=False)
        ),
    ]


def handle_events(model, signal, limit=200):
    """Claim up to `limit` unhandled events of `model`, send `signal` for each, and return how many were handled.

    Receivers get `event`. One that raises undoes that event's effects alone; the event is tried again later.
    It doesn't count, so that a caller's loop ends with it instead of using up its tries in a moment.
    """
    with transaction.atomic():
        events = list(
            model.objects.select_for_update(skip_locked=True)
            .filter(handled_at=None, set_aside_at=None)
            .order_by("id")[:limit]
        )
        handled = [event.pk for event in events if _handle(model, signal, event)]
        model.objects.filter(pk__in=handled).update(handled_at=timezone.now())
    return len(handled)


def _handle(model, signal, event):
    try:
        with transaction.atomic():
            signal.send(sender=model, event=event)
    except Exception:
        log.exception("event %s %s failed %s times", model.__name__, event.pk, event.failures + 1)
        _note_failure(model, event)
        return False
    return True


def _note_failure(model, event):
    event.failures += 1
    if event.failures >= MAX_FAILURES:
        event.set_aside_at = timezone.now()
        event_set_aside.send(sender=model, event=event)
    model.objects.filter(pk=event.pk).update(failures=event.failures, set_aside_at=event.set_aside_at)
