"""What others tell of staff, written down: the admin's pages, logins and logouts."""

from panel.accounts.backends import find_customer
from panel.staff.acting import forget_acting
from panel.staff.models import StaffAction
from panel.staff.recording import find_staff, record_action

Kind = StaffAction.Kind


def write_action(sender, *, request, action, obj, changes, words, **kwargs):
    """Of `staff_acted`."""
    record_action(request, action, obj=obj, changes=changes, words=words)


def note_login(sender, *, request, user, **kwargs):
    """Staff who log in, wherever they do."""
    if user.is_staff:
        record_action(request, Kind.LOGIN, staff=user)


def note_logout(sender, *, request, user, **kwargs):
    """Staff who log out; whom they acted as is left with it."""
    staff = find_staff(request) or user
    if staff is None or not staff.is_staff:
        return
    forget_acting(request, staff)
    record_action(request, Kind.LOGOUT, staff=staff)


def note_failed_login(sender, *, credentials, request=None, **kwargs):
    """A wrong password or second factor for the account of a member of staff."""
    login = credentials.get("username")
    person = find_customer(login) if isinstance(login, str) else None
    if person is not None and person.is_staff:
        record_action(request, Kind.FAILED, staff=person)
