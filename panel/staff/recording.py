"""Writing down what staff did. The row is there or the deed isn't: callers write within their own transaction."""

from django.contrib.auth import get_user_model

from panel.lib.client_address import read_client_address
from panel.staff.models import StaffAction

# By which fields a row says whose it is.
OWNER_FIELDS = ("customer_id", "owner_id", "buyer_id")


def record_action(request, action, *, staff=None, obj=None, changes=None, words="", reason="", customer=None):
    """Insert a StaffAction. `staff` is who sent the request unless named; `customer` whose row `obj` is.

    `request` may be None, where a library asks without one. Afterwards `was_recorded(request)`.
    """
    staff = staff or find_staff(request)
    acting_as = getattr(request, "acting", None) and request.acting.customer_id
    customer_id = acting_as or (customer.pk if customer is not None else find_owner(obj))
    row = StaffAction.objects.create(
        staff=staff,
        staff_name=staff.get_username()[:150],
        acting_as_id=acting_as,
        customer_id=customer_id,
        action=action,
        changes=changes or {},
        words=words[:1000],
        reason=reason[:300],
        **_describe_object(obj),
        **_describe_request(request),
    )
    if request is not None:
        request.staff_recorded = True
    return row


def was_recorded(request):
    """Whether anything was written down of what this request did."""
    return getattr(request, "staff_recorded", False)


def find_staff(request):
    """The member of staff behind `request`, also while they act as a customer; None for anybody else."""
    person = getattr(request, "staff", None) or getattr(request, "user", None)
    return person if person is not None and person.is_authenticated and person.is_staff else None


def find_owner(obj):
    """The id of the customer whose row `obj` is, or None."""
    if obj is None:
        return None
    if isinstance(obj, get_user_model()):
        return obj.pk
    return next((value for name in OWNER_FIELDS if (value := getattr(obj, name, None))), None)


def _describe_object(obj):
    if obj is None:
        return {}
    return {
        "object_type": obj._meta.label_lower,
        "object_id": str(obj.pk)[:64],
        "object_text": str(obj)[:200],
    }


def _describe_request(request):
    if request is None:
        return {}
    return {"address": read_client_address(request.META), "path": request.path[:300]}
