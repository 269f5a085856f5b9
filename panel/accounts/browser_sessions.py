"""The browsers' sessions, in PostgreSQL with whose they are: one ends in every process when its row goes.

A page reads its session with one query. What is stored of a key is its digest, so the table opens nobody's session.
A session that was ended meanwhile is not brought back by a page that still writes to it.
"""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from panel.accounts.models import BrowserSession
from panel.lib.secrets import digest_token

SEEN_EVERY = timedelta(minutes=5)  # how often `last_seen` is written at most
VISITOR_SECONDS = 3600  # what nobody has logged in with lives no longer
LONGEST_AGENT = BrowserSession._meta.get_field("user_agent").max_length
How = BrowserSession.How
BACKENDS = {
    How.PASSWORD: "panel.accounts.backends.MobileOrEmailBackend",
    How.CODE: "panel.accounts.backends.CodeBackend",
}
_HOWS = {backend: how for how, backend in BACKENDS.items()}


class Origin(NamedTuple):
    """Where a request came from: its address and what the browser calls itself."""

    address: str = ""
    user_agent: str = ""


class SessionStore(SessionBase):
    """Django's session engine over BrowserSession; `row` is what was read or made, `origin` the request's."""

    def __init__(self, session_key=None):
        super().__init__(session_key)
        self.row = None
        self.origin = Origin()

    def load(self):
        self.row = _find(self.session_key).filter(expires_at__gt=timezone.now()).first()
        if self.row is None:
            self._session_key = None  # a key that somebody made up is never taken over
            return {}
        return self.decode(self.row.data)

    def exists(self, session_key):
        return _find(session_key).exists()

    def create(self):
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create=False):
        """Store it. Raises CreateError for a key in use, UpdateError when the session was ended meanwhile."""
        if self.session_key is None:
            return self.create()
        values = self._list_values(self._get_session(no_load=must_create))
        if must_create:
            self.row = self._insert(values)
        elif not _find(self.session_key).update(**values):
            raise UpdateError
        return None

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            _find(key).delete()
        if session_key in (None, self.session_key):
            self.row = None

    def cycle_key(self):
        """Another key for the same session: the old one opens nothing any more."""
        self._get_session()  # read by the old key, as long as that is known
        old = self.session_key
        if old is None:
            return self.create()
        fresh = self._get_new_session_key()
        if not _find(old).update(digest=digest_token(fresh)):
            return self.create()
        self._session_key = fresh
        self.modified = True
        return None

    def get_session_cookie_age(self):
        return settings.SESSION_COOKIE_AGE if SESSION_KEY in self._session else VISITOR_SECONDS

    def touch(self):
        """Write down that the browser was here, and from where, at most every SEEN_EVERY."""
        now = timezone.now()
        if self.row is None or self.row.last_seen > now - SEEN_EVERY:
            return
        late = BrowserSession.objects.filter(pk=self.row.pk, last_seen__lte=now - SEEN_EVERY)
        late.update(last_seen=now, **self._list_origin())

    @classmethod
    def clear_expired(cls):
        purge_sessions()

    def _insert(self, values):
        try:
            with transaction.atomic():
                now = timezone.now()
                return BrowserSession.objects.create(
                    digest=digest_token(self.session_key),
                    created=now,
                    last_seen=now,
                    **values,
                    **self._list_origin(),
                )
        except IntegrityError:
            raise CreateError from None

    def _list_values(self, data):
        return {
            "data": self.encode(data),
            "customer_id": data.get(SESSION_KEY),
            "how": _HOWS.get(data.get(BACKEND_SESSION_KEY), How.NOT),
            "expires_at": self.get_expiry_date(),
        }

    def _list_origin(self):
        agent = self.origin.user_agent.replace("\0", "")[:LONGEST_AGENT]
        return {"address": self.origin.address, "user_agent": agent}


def list_sessions(customer_id):
    """The customer's living sessions, the one that was seen last first."""
    rows = BrowserSession.objects.filter(customer_id=customer_id, expires_at__gt=timezone.now())
    return rows.order_by("-last_seen", "-pk")


def end_session(customer_id, session_id):
    """End that session of the customer's now; returns whether there was one."""
    return bool(BrowserSession.objects.filter(customer_id=customer_id, pk=session_id).delete()[0])


def end_other_sessions(customer_id, kept_id=None):
    """End all sessions of the customer's but the one with that id. Returns how many."""
    return BrowserSession.objects.filter(customer_id=customer_id).exclude(pk=kept_id).delete()[0]


def end_oldest_sessions(customer_id):
    """Beyond settings.SESSIONS_PER_KEY living sessions end those that were not seen for longest."""
    beyond = list(list_sessions(customer_id).values_list("pk", flat=True)[settings.SESSIONS_PER_KEY :])
    BrowserSession.objects.filter(pk__in=beyond).delete()


def purge_sessions():
    """Delete sessions whose time is over; beat runs it. Returns how many."""
    return BrowserSession.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _find(session_key):
    return BrowserSession.objects.filter(digest=digest_token(session_key))
