"""Opening a browser's session: by password or by a code, and then by the second factor of who has one.

Until the second factor is shown nobody is logged in; the session only remembers for PENDING_SECONDS who proved the
first. Whoever opens a session holds the lock of the customer's row, as does whoever changes the factor or the
password, so no session slips past a change. A session says by which backend it was opened, and so whether it may
open the admin: a code by SMS never does.
"""

import time
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, login
from django.db import transaction
from django.utils.crypto import constant_time_compare

from panel.accounts import second_factor
from panel.accounts.browser_sessions import BACKENDS, How, end_oldest_sessions
from panel.accounts.login_tokens import verify_code
from panel.accounts.models import Customer
from panel.accounts.signals import session_opened

PENDING = "entering"  # in the session: who proved the first factor
PENDING_SECONDS = 600
SECOND = "second_factor"  # in the session: that the second one was shown in it


class EntryRefused(Exception):
    """Nobody comes in: the account is locked, or its password was changed meanwhile."""


class NobodyWaits(Exception):
    """Nobody proved the first factor in this session, or too long ago."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a login: whether the session is open, or waits for the second factor; and whose it is."""

    customer: Customer
    is_open: bool
    is_new: bool = False


def enter(request, customer, how, after=""):
    """The Entry of a customer who proved the first factor by `how` (BrowserSession.How).

    `after` is where they want to go; it is kept for `finish`. Raises EntryRefused.
    """
    with transaction.atomic():
        held = _lock(customer.pk)
        if not held.is_active or held.password != customer.password:
            raise EntryRefused
        if not second_factor.is_on(held.pk):
            _open(request, held, how)
            return Entry(held, True)
    request.session[PENDING] = {
        "customer": held.pk,
        "how": how,
        "proof": held.get_session_auth_hash(),
        "until": int(time.time()) + PENDING_SECONDS,
        "after": after,
    }
    request.session.cycle_key()  # nobody else knows the session that waits
    return Entry(held, False)


def enter_with_code(request, username, code, after="", welcome=lambda customer: None):
    """The Entry of whoever has the code by SMS; see `login_tokens.verify_code` for the rest and what it raises."""
    newcomers = []

    def greet(customer):
        newcomers.append(customer)
        welcome(customer)

    entry = verify_code(username, code, greet, lambda customer: enter(request, customer, How.CODE, after))
    return Entry(entry.customer, entry.is_open, bool(newcomers))


def finish(request, code, address):
    """Open the session that waits for the second factor; returns where its owner wanted to go.

    Raises NobodyWaits, EntryRefused, and as `second_factor.check`.
    """
    pending = find_pending(request)
    second_factor.check(pending["customer"], code, address)
    with transaction.atomic():
        held = _lock(pending["customer"])
        if not held.is_active or not constant_time_compare(held.get_session_auth_hash(), pending["proof"]):
            raise EntryRefused
        _open(request, held, How(pending["how"]), second=True)
    return pending["after"]


def find_pending(request):
    """Who waits for the second factor in this session, as a dict. Raises NobodyWaits."""
    pending = request.session.get(PENDING)
    if pending is None or pending["until"] < time.time():
        raise NobodyWaits
    return pending


def note_second_factor(request, shown):
    """From now on this session has shown the second factor, or has not; it gets another key with that."""
    request.session[SECOND] = shown
    request.session.cycle_key()


def has_password_session(request):
    """Whether the session was opened by a password."""
    return request.session.get(BACKEND_SESSION_KEY) == BACKENDS[How.PASSWORD]


def may_operate(request):
    """Whether the session may open the admin: by a password, and a second factor where one is required.

    Who turned one on has shown it in every session, for turning it on ended those without.
    """
    shown = request.session.get(SECOND, False)
    return has_password_session(request) and (shown or not second_factor.is_required(request.user))


def _lock(customer_id):
    return Customer.objects.select_for_update(no_key=True).get(pk=customer_id)


def _open(request, customer, how, second=False):
    """Log in, in a session of which nothing was there before: not its key, and nothing that it remembered."""
    is_first = customer.last_login is None
    request.session.flush()
    login(request, customer, backend=BACKENDS[how])
    request.session[SECOND] = second
    request.session.save()
    end_oldest_sessions(customer.pk)
    session_opened.send(Customer, customer=customer, session=request.session.row, first=is_first)
