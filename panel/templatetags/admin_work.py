"""The front page and its numbers for templates of the admin."""

from django import template

from panel.admin_site.columns import show_number
from panel.admin_site.durations import show_wait
from panel.admin_site.front_page import read_front_page

register = template.Library()
register.filter("show_number", show_number)
register.filter("show_wait", show_wait)


@register.simple_tag
def front_page(user):
    """What is on the front page for that member of staff, as read_front_page gives it."""
    return read_front_page(user)
