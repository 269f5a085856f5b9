"""What staff did to one object, for its history page."""

from django import template

from panel.staff.admin.actions import changes
from panel.staff.models import StaffAction

register = template.Library()
SHOWN = 100
register.filter("changes", changes)


@register.simple_tag
def staff_actions(obj):
    """The newest StaffActions of an object, at most SHOWN."""
    rows = StaffAction.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
    return rows.order_by("-id")[:SHOWN]
