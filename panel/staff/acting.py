"""Acting as a customer: a member of staff sees and does what the customer could, for a while and written down.

The session stays the staff's. It names an Acting row, which is looked at on every request: it ends by its time, by
the button, with the login, and when who acts may no longer act or whom they act as may no longer be acted for.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from panel.accounts.models import Customer
from panel.staff.models import Acting, StaffAction
from panel.staff.recording import record_action

PERMISSION = "staff.act_as_customer"
SESSION_KEY = "acting"
LASTS = timedelta(minutes=30)
LONGEST_REASON = 300


class ActingRefused(Exception):
    """`reason` is one of `staff` (the target is staff), `nested` and `right`."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def may_act(staff):
    """Whether this person may act as customers at all."""
    return staff.is_active and staff.is_staff and staff.has_perm(PERMISSION)


def is_powerful(customer):
    """Whether acting as them would give rights of staff: nobody may."""
    return customer.is_staff or customer.is_superuser


def start_acting(request, customer, reason):
    """Let the staff behind `request` act as `customer` for 30 minutes; returns the Acting.

    Raises ActingRefused, and ValueError for an empty reason. The session gets a new key.
    """
    if not reason.strip():
        raise ValueError("acting as a customer needs a reason")
    if not may_act(request.user):
        raise ActingRefused("right")
    if is_powerful(customer) or customer.pk == request.user.pk:
        raise ActingRefused("staff")
    if find_acting(request) is not None:
        raise ActingRefused("nested")
    with transaction.atomic():
        acting = Acting.objects.create(
            staff=request.user, customer=customer, reason=reason.strip(), until=timezone.now() + LASTS
        )
        words = {"obj": customer, "reason": acting.reason}
        record_action(request, StaffAction.Kind.ACT, **words)
    request.session.cycle_key()
    request.session[SESSION_KEY] = acting.pk
    return acting


def find_acting(request):
    """The live Acting that the session names, with its customer; None when there is none (any more).

    `request.user` has to be the staff still. A row that lost its ground is ended here.
    """
    key = request.session.get(SESSION_KEY)
    if key is None or not request.user.is_authenticated:
        return None
    acting = Acting.objects.filter(pk=key, staff_id=request.user.pk, ended_at=None).first()
    if acting is None:
        return None
    customer = Customer.objects.filter(pk=acting.customer_id).first()
    alive = customer is not None and not is_powerful(customer) and acting.until > timezone.now()
    if not alive or not may_act(request.user):
        _end(request, acting, staff=request.user)
        return None
    acting.customer = customer
    return acting


def end_acting(request):
    """End what `request.acting` is; the session gets a new key. Returns whether this call ended it."""
    ended = _end(request, request.acting, staff=request.staff)
    if request.session.pop(SESSION_KEY, None) is not None:
        request.session.cycle_key()
    return ended


def forget_acting(request, staff):
    """End whatever the session of `staff` names: they log out."""
    key = request.session.get(SESSION_KEY)
    acting = Acting.objects.filter(pk=key, staff_id=staff.pk).first() if key is not None else None
    if acting is not None:
        _end(request, acting, staff)


def _end(request, acting, staff):
    with transaction.atomic():
        ended = Acting.objects.filter(pk=acting.pk, ended_at=None).update(ended_at=timezone.now())
        if ended:
            customer = Customer.objects.filter(pk=acting.customer_id).first()
            record_action(request, StaffAction.Kind.ACT_END, staff=staff, obj=customer)
    return bool(ended)
