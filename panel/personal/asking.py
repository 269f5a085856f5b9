"""Asking to be erased, and taking it back."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from panel.accounts.hashing import hashing_slot
from panel.accounts.logins import name_address, reserve_try, take_back_try
from panel.accounts.models import Customer
from panel.lib.personal import find_obstacles
from panel.personal.models import Erasure

LONGEST_REASON = 300


class ErasureRefused(Exception):
    """It can't be done now; `sentences` say what has to be done before."""

    def __init__(self, *sentences):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class PasswordWrong(Exception):
    """The password is another one, or there is none."""


def ask_erasure(customer_id, asked_by=None, reason=""):
    """Have the customer erased in settings.ERASURE_DAYS, or at once where staff (`asked_by`) ask, with a reason.

    Returns the Erasure; one that lives already is given back, brought forward where staff ask. Raises ErasureRefused.
    """
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        if customer.is_staff or customer.is_superuser:
            raise ErasureRefused(_("Staff are not erased: a superuser has to take their rights away first."))
        if obstacles := find_obstacles(customer_id):
            raise ErasureRefused(*obstacles)
        now = timezone.now()
        due = now if asked_by else now + timedelta(days=settings.ERASURE_DAYS)
        live = find_live(customer_id)
        if live is None:
            values = {"asked_by_id": asked_by, "reason": reason[:LONGEST_REASON], "due_at": due}
            return Erasure.objects.create(customer_id=customer_id, **values)
        if asked_by and live.state == Erasure.State.WAITING:
            live.due_at, live.asked_by_id, live.reason = (
                min(live.due_at, due),
                asked_by,
                reason[:LONGEST_REASON],
            )
            live.save(update_fields=["due_at", "asked_by", "reason"])
        return live


def ask_own_erasure(customer, password, address):
    """`ask_erasure` by the Customer themself, who shows their password; a counted try, as a login is.

    Raises PasswordWrong, LoginThrottled, ErasureRefused.
    """
    tries = reserve_try(f"account:{customer.pk}", name_address(address))
    with hashing_slot():
        good = customer.has_usable_password() and check_password(password, customer.password)
    if not good:
        raise PasswordWrong
    take_back_try(tries)
    return ask_erasure(customer.pk)


def undo_erasure(customer_id):
    """Take the wish back; False when there is none, or it has begun."""
    waiting = Erasure.objects.filter(customer=customer_id, state=Erasure.State.WAITING)
    return bool(waiting.update(state=Erasure.State.UNDONE))


def find_live(customer_id):
    """The customer's Erasure that waits or runs, or None."""
    return Erasure.objects.filter(customer=customer_id, state__in=Erasure.LIVE).first()
