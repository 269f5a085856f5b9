"""Telling customers of a login from a place that none of their sessions is known from."""

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext, override

from panel.accounts.browser_sessions import list_sessions
from panel.accounts.devices import describe_device, find_network
from panel.accounts.signals import session_opened
from panel.lib.dates import format_moment
from panel.support.models import Notification

KIND = "new_login"


@receiver(session_opened, dispatch_uid="support.session_opened")
def note_new_login(customer, session, first, **_signal):
    """One line in the panel, unless it is the first login of all; in the transaction that opens the session."""
    others = list_sessions(customer.pk).exclude(pk=session.pk)
    if first or any(_place(session) == _place(other) for other in others):
        return
    Notification.objects.create(
        customer=customer, kind=KIND, message=_describe(customer.language, session), key=f"login:{session.pk}"
    )


def _place(session):
    return describe_device(session.user_agent), find_network(session.address)


def _describe(language, session):
    with override(language):
        values = {
            "device": describe_device(session.user_agent),
            "address": session.address,
            "moment": format_moment(timezone.now(), language),
        }
        sentence = gettext(
            "New login: %(device)s, from %(address)s, %(moment)s. If that was not you, end it on the page “Security”"
            " and change your password."
        )
        return sentence % values
