"""Who is behind a session: opened by mobile number, email or username with a password, or by a code."""

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.db.models import Q
from django.db.models.functions import Lower
from psycopg.types.numeric import Int8

from panel.accounts.models import Customer
from panel.lib.mobile import parse_mobile
from panel.lib.prepared import find_prepared


def find_customer(login):
    """The customer whose mobile (any usual spelling), email (any case) or username this is, or None."""
    login = login.strip()
    try:
        named = Q(mobile=parse_mobile(login))
    except ValueError:
        named = Q(lower_email=login.lower())
    # A username that looks like someone else's number must never win over the number's owner.
    people = Customer.objects.alias(lower_email=Lower("email"))  # which has an index
    rows = {row.pk: row for row in people.filter(named | Q(username=login))}
    owners = [row for row in rows.values() if row.username != login] or list(rows.values())
    return owners[0] if owners else None


def match_password(login, password):
    """The customer whose login name and password these are, locked ones too, or None."""
    customer = find_customer(login)
    if customer is None:
        Customer().set_password(password)  # as slow as a known name, so the time tells nobody who exists
        return None
    return customer if customer.check_password(password) else None


class MobileOrEmailBackend(ModelBackend):
    """Django's own checks of password and permissions, with a wider idea of a login name."""

    def get_user(self, user_id):
        return _find_active(user_id)

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        customer = match_password(username, password)
        return customer if customer is not None and self.user_can_authenticate(customer) else None


class CodeBackend(BaseBackend):
    """Sessions that a code by SMS opened. It takes no credentials and grants nothing of its own."""

    def get_user(self, user_id):
        return _find_active(user_id)


def _find_active(customer_id):
    """Whose session it is, read for every page; None when they are locked or gone."""
    return find_prepared(Customer, "id = $1 AND is_active", (Int8(customer_id),))
