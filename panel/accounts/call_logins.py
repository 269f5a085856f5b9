"""A username and a password with every call (contract sms-gateway-rest, «احراز هویت»).

Checking a password is slow on purpose, so a process remembers which password, as a digest under a key of its own,
belonged to which stored hash. That stays true forever, and the stored hash is read in every call, so a new password
counts at once. What is not remembered is counted as any other login, and only so many are checked at a time.
"""

import hashlib
import secrets
import threading

from panel.accounts.backends import find_customer, match_password
from panel.accounts.hashing import hashing_slot
from panel.accounts.logins import count_login

MAX_REMEMBERED = 1_000
LONGEST = 256  # of either; longer ones are nobody's


class CallLogins:
    """What one process remembers. Safe for threads."""

    def __init__(self):
        self._secret = secrets.token_bytes(32)
        self._hashes = {}  # digest of login and password: the stored hash that it belonged to
        self._lock = threading.Lock()

    def find_caller(self, address, login, password):
        """The customer, who may be locked, whose login name and password these are; None for anybody else.

        Staff are nobody here: what opens the admin is not sent with every call. Raises LoginThrottled.
        """
        if not (login and password) or max(len(login), len(password)) > LONGEST or not login.isprintable():
            return None
        digest = self._digest(login, password)
        customer = self._recall(digest, login)
        if customer is not None:
            return customer
        with hashing_slot():
            # Who waited for a slot may have waited for the same password.
            customer = self._recall(digest, login)
            if customer is None:
                customer = count_login(address, login, lambda: _match(login, password))
                self._remember(digest, customer)
        return customer

    def _recall(self, digest, login):
        known = self._hashes.get(digest)
        customer = find_customer(login) if known else None
        # Staff may have become so since.
        good = customer is not None and not customer.is_staff and customer.password == known
        return customer if good else None

    def _remember(self, digest, customer):
        if customer is None:
            return
        with self._lock:
            self._hashes.pop(digest, None)
            if len(self._hashes) >= MAX_REMEMBERED:
                del self._hashes[next(iter(self._hashes))]
            self._hashes[digest] = customer.password

    def _digest(self, login, password):
        text = f"{login}\0{password}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._secret, digest_size=32).digest()


def _match(login, password):
    customer = match_password(login, password)
    return customer if customer is not None and not customer.is_staff else None


find_caller = CallLogins().find_caller
