"""Trying a password. Tries are counted by account and by address, in PostgreSQL, over all web processes."""

import hashlib
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.utils import timezone

from panel.accounts.backends import find_customer
from panel.accounts.models import LoginTry


class LoginThrottled(Exception):
    """Too many passwords were tried or codes asked for; `retry_after_seconds` says when the next one is taken."""

    def __init__(self, retry_after_seconds):
        super().__init__(f"try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


def check_login(request_ip, login, password):
    """The customer whose login name (mobile, email or username) and password these are, or None.

    At most LOGIN_TRIES wrong passwords in LOGIN_WINDOW_SECONDS, for each account and for each address. The
    try is written before the password is looked at, so parallel guesses can't slip through together; the
    right password takes its own try back, and the account's earlier ones with it. Raises LoginThrottled.
    """
    return count_login(request_ip, login, lambda: authenticate(None, username=login, password=password))


def count_login(request_ip, login, check):
    """What `check()` answers, a customer or None, as a try of that login name; see `check_login`."""
    account, address = name_account(login), name_address(request_ip)
    tries = reserve_try(account, address)
    customer = check()
    if customer is not None:
        LoginTry.objects.filter(subject=account).delete()
        take_back_try(tries)
    return customer


def name_account(login):
    """What tries at this login name are counted under: one name for all spellings, known or not."""
    customer = find_customer(login)
    if customer is not None:
        return f"account:{customer.pk}"
    return f"name:{hashlib.sha256(login.strip().lower().encode()).hexdigest()}"


def name_address(ip):
    """What tries from this address are counted under; an IPv6 customer owns a whole /64, so that is one."""
    address = ipaddress.ip_address(ip)
    if address.version == 6 and address.ipv4_mapped is None:
        return f"address:{ipaddress.ip_network((address, 64), strict=False)}"
    return f"address:{getattr(address, 'ipv4_mapped', None) or address}"


def reserve_try(*subjects):
    """Write one try under each of `subjects` and return the rows' ids. Raises LoginThrottled."""
    since = timezone.now() - timedelta(seconds=settings.LOGIN_WINDOW_SECONDS)
    with transaction.atomic():
        lock_subjects(subjects)
        for subject in subjects:
            _refuse_when_full(subject, since)
        return [row.pk for row in LoginTry.objects.bulk_create([LoginTry(subject=s) for s in subjects])]


def take_back_try(tries):
    """Forget what `reserve_try` wrote: it was no guess."""
    LoginTry.objects.filter(pk__in=tries).delete()


def lock_subjects(subjects):
    """Until the transaction ends nobody else counts these texts; one order for all, so none can deadlock."""
    with connection.cursor() as cursor:
        for subject in sorted(subjects):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [subject])


def _refuse_when_full(subject, since):
    latest = LoginTry.objects.filter(subject=subject, created__gt=since).order_by("-created")
    times = list(latest.values_list("created", flat=True)[: settings.LOGIN_TRIES])
    if len(times) >= settings.LOGIN_TRIES:
        raise LoginThrottled(max(1, int((times[-1] - since).total_seconds()) + 1))


def purge_login_tries():
    """Delete tries that no longer count; beat runs it. Returns how many there were."""
    since = timezone.now() - timedelta(seconds=settings.LOGIN_WINDOW_SECONDS)
    return LoginTry.objects.filter(created__lte=since).delete()[0]
