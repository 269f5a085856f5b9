"""The words of tickets in templates."""

from django import template

from panel.support import safe_html

register = template.Library()


@register.filter
def show_html(text):
    """A ticket's description or message, cleaned."""
    return safe_html.show_html(text)
