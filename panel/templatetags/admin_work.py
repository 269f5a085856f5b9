"""The work list for templates of the admin."""

from django import template

from panel.admin_site.columns import show_number
from panel.admin_site.work_list import count_work

register = template.Library()
register.filter("show_number", show_number)


@register.simple_tag
def work_list(user):
    """The lines of what waits for a person, as count_work gives them."""
    return count_work(user)
